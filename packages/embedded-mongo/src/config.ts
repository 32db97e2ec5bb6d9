import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type Config = { readonly host: string; readonly port: number; readonly dataDir: string }

/** Why the command line or environment is not one to start with. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

function parsedArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { host: { type: 'string' }, port: { type: 'string' }, 'data-dir': { type: 'string' } },
    }).values
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

/** Reads arguments, then environment. npm starts this elsewhere than it was called, so paths start there. */
export function readConfig(args: string[], env: NodeJS.ProcessEnv = process.env): Config {
  if (env.NODE_ENV === 'production')
    throw new ConfigError('this server is for development; in production (NODE_ENV) use MongoDB')
  const values = parsedArguments(args)
  const port = Number(values.port ?? env.PORT ?? 27017)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ConfigError('--port takes a number from 0 to 65535')
  const dataDir = values['data-dir'] ?? env.DATA_DIR
  if (!dataDir) throw new ConfigError('--data-dir DIR (or DATA_DIR) is needed: where the data is kept')
  return { host: values.host ?? '127.0.0.1', port, dataDir: resolve(env.INIT_CWD ?? process.cwd(), dataDir) }
}
