import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that takes a few MiB, until it is given room under the process that works there. */
export interface SmallDisk extends Disposable {
  readonly dir: string
  /** The command line that runs a program so that it meets the limit. */
  commandLine(program: string, args: readonly string[]): [string, string[]]
  enlarge(pid: number): void
}

const run = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const newDir = () => mkdtempSync(join(tmpdir(), 'heed-disk-'))
const removed = (dir: string) => rmSync(dir, { recursive: true, force: true })

/** A file system of its own: only root may mount one, and not in every container. */
function fullFileSystem(mebibytes: number): SmallDisk | null {
  const dir = newDir()
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'heed-test', dir)) {
    removed(dir)
    return null
  }
  return {
    dir,
    commandLine: (program, args) => [program, [...args]],
    enlarge: () => void run('mount', '-o', 'remount,size=64m', dir),
    [Symbol.dispose]() {
      run('umount', dir)
      removed(dir)
    },
  }
}

/** Files that may not grow: a soft limit, which whoever set it may raise again. Needs util-linux, and no rights. */
function limitedFiles(mebibytes: number): SmallDisk | null {
  if (!run('prlimit', '--version')) return null
  const dir = newDir()
  const script = `ulimit -S -f ${mebibytes * 2_048}; exec "$0" "$@"`
  return {
    dir,
    commandLine: (program, args) => ['sh', ['-c', script, program, ...args]],
    enlarge: (pid) => void run('prlimit', '--pid', String(pid), '--fsize=unlimited'),
    [Symbol.dispose]: () => removed(dir),
  }
}

/** The ways to have too little room, by name; each gives null where it cannot be had here. */
export const smallDisks: Readonly<Record<string, (mebibytes: number) => SmallDisk | null>> = {
  'a full file system': fullFileSystem,
  'a limit on the size of files': limitedFiles,
}

/** The same directory where nobody may write, root neither; null where that cannot be had here. */
export function readOnlyView(dir: string): (Disposable & { readonly dir: string }) | null {
  const view = newDir()
  const close = () => {
    run('umount', view)
    removed(view)
  }
  if (run('mount', '--bind', dir, view) && run('mount', '-o', 'remount,bind,ro', view))
    return { dir: view, [Symbol.dispose]: close }
  close()
  return null
}
