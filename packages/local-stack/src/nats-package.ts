import { execFile } from 'node:child_process'
import { access, chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { StackConfig } from './config.ts'
import { onPath } from './paths.ts'

const run = promisify(execFile)

/**
 * The `nats-server` of the Debian or Ubuntu that this is, from its own archive and with its signatures
 * checked by apt: downloaded and unpacked into the cache folder. Nothing is installed, no service started, no
 * root needed, no file of the system's package management written. Null where there is no apt.
 */
export async function natsFromPackage(
  config: StackConfig,
  say: (line: string) => void,
): Promise<string | null> {
  const folder = join(config.cacheFolder, 'nats-server')
  const binary = join(folder, 'nats-server')
  if (await exists(binary)) return binary
  const { PATH } = config.childBase
  if (!onPath('apt-get', PATH) || !onPath('dpkg-deb', PATH)) return null
  say("no nats-server here: downloading the distribution's package into the cache, once")
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'download-'))
  try {
    const file = await download(work, PATH)
    await run('dpkg-deb', ['-x', file, join(work, 'unpacked')], { env: { PATH } })
    const unpacked = await findBinary(join(work, 'unpacked/usr'))
    const fresh = join(work, 'nats-server')
    await copyFile(unpacked, fresh)
    await chmod(fresh, 0o755)
    await run(fresh, ['--version'], { env: { PATH } })
    // Several runs may get here at once: each renames a whole file, and any of them will do.
    await rename(fresh, binary)
    return binary
  } catch (cause) {
    throw new Error('the nats-server package could not be downloaded', { cause })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** With the system's lists where they know a version that is still there, else with fresh lists of our own. */
async function download(work: string, PATH: string): Promise<string> {
  const env = { PATH, HOME: work, LC_ALL: 'C', ...proxies() }
  const attempt = async (options: string) => {
    const settings = join(work, 'apt.conf')
    await writeFile(settings, options)
    const apt = (...words: string[]) =>
      run('apt-get', ['-q', '-c', settings, ...words], { cwd: work, env, timeout: 180_000 })
    if (options.includes('Dir::State::lists')) await apt('update')
    await apt('download', 'nats-server')
  }
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(work, folder), { recursive: true })
  const apart = `Dir::Cache "${work}/cache";\nDir::Log "${work}";\nAPT::Sandbox::User "";\nDebug::NoLocking "1";\n`
  const ownLists = `Dir::State::lists "${work}/lists";\nAcquire::Languages "none";\nAcquire::Retries "2";\n${hooksOff}`
  await attempt(apart).catch(() => attempt(apart + ownLists))
  const file = (await readdir(work)).find((name) => name.endsWith('.deb'))
  if (!file) throw new Error('apt-get brought no package')
  return join(work, file)
}

/** A distribution's hooks clean or announce the system's own lists, which these are not. */
const hooksOff = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success']
  .map((hook) => `#clear APT::Update::${hook};\n`)
  .join('')

function proxies(): Record<string, string> {
  const names = [
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'APT_CONFIG',
  ]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

async function findBinary(usr: string): Promise<string> {
  for (const folder of ['sbin', 'bin']) {
    const candidate = join(usr, folder, 'nats-server')
    if (await exists(candidate)) return candidate
  }
  throw new Error('the package holds no nats-server')
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
