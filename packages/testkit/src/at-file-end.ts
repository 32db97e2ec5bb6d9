import { afterAll, beforeEach } from 'vitest'

/** Something that a test file leaves behind: kept with its name shown where a test failed, else removed. */
export interface Leftover {
  name: string
  remove: () => Promise<void>
}

interface FileState {
  leftovers: Leftover[]
  hasFailed: boolean
}

// The setup file and the tests may get a copy of this module each; the registry must be one.
const key = Symbol.for('heed.testkit.file')
const registry = globalThis as { [key]?: FileState }
const state = (): FileState => {
  registry[key] ??= { leftovers: [], hasFailed: false }
  return registry[key]
}

export function removeAtFileEnd(leftover: Leftover): void {
  state().leftovers.push(leftover)
}

/** Run once in each test file, before its tests are collected. */
export function watchFile(): void {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      state().hasFailed = true
    })
  })
  afterAll(async () => {
    const { leftovers, hasFailed } = state()
    for (const { name, remove } of leftovers.splice(0)) {
      if (hasFailed) console.error(`kept, because a test failed: ${name}`)
      else await remove()
    }
  })
}
