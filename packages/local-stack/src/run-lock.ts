import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { repository } from './paths.ts'
import { identify, isAlive } from './process-identity.ts'

const Holder = z.object({ pid: z.int(), started: z.string() })

/** Another process of this checkout runs the system already; two would write over each other's run file. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError'
}

/**
 * Only one process of a checkout at a time may say what runs there. Throws AlreadyRunningError while another
 * lives; the lock of one that died is taken over.
 */
export function takeRunLock(path = join(repository, '.heed/run.lock')): Disposable {
  mkdirSync(join(path, '..'), { recursive: true })
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, JSON.stringify(identify(process.pid)))
  try {
    for (let tries = 0; tries < 3; tries++) {
      if (linked(mine, path)) return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
      const holder = holderOf(path)
      if (holder && isAlive(holder)) {
        throw new AlreadyRunningError(`Heed runs here already, by process ${holder.pid}: stop that first`)
      }
      setAside(path, mine)
    }
    throw new AlreadyRunningError('Heed is being started here by another process')
  } finally {
    rmSync(mine, { force: true })
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function holderOf(path: string) {
  try {
    return Holder.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** A rename succeeds for one of several that saw the same dead holder; the others find it gone. */
function setAside(path: string, mine: string): void {
  try {
    const dead = `${mine}.dead`
    renameSync(path, dead)
    const holder = holderOf(dead)
    // Between the look and the rename another may have taken it over: then it gets it back.
    if (holder && isAlive(holder)) linked(dead, path)
    rmSync(dead, { force: true })
  } catch {}
}
