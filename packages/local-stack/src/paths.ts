import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of this checkout. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** The first executable of that name on a PATH, or null. */
export function onPath(program: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program)
    try {
      if (folder !== '') accessSync(candidate, constants.X_OK)
      else continue
      return candidate
    } catch {}
  }
  return null
}
