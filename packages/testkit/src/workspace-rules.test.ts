import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const top = fileURLToPath(new URL('../../..', import.meta.url))

interface Workspace {
  folder: string
  name: string
  dependencies: string[]
}

function workspaces(kind: 'apps' | 'packages'): Workspace[] {
  return globSync(`${kind}/*/package.json`, { cwd: top }).map((path) => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(top, path), 'utf8'))
    return { folder: join(path, '..'), name, dependencies: Object.keys(dependencies) }
  })
}

const apps = workspaces('apps').map(({ name }) => name)

/** Statements that bring in another app, in the sources of one workspace. */
function importsOfApps({ folder, name }: Workspace): { file: string; statement: string; isType: boolean }[] {
  const others = apps.filter((app) => app !== name).map((app) => app.replace('/', '\\/'))
  const pattern = new RegExp(`^(?:import|export)\\b[^'"]*['"](?:${others.join('|')})(?:\\/[^'"]*)?['"]`, 'gm')
  return globSync('src/**/*.ts', { cwd: join(top, folder) }).flatMap((file) =>
    [...readFileSync(join(top, folder, file), 'utf8').matchAll(pattern)].map(([statement]) => ({
      file: join(folder, file),
      statement,
      isType: /^(?:import|export) type\b/.test(statement),
    })),
  )
}

test('no package depends on an app or imports one', () => {
  const packages = workspaces('packages')
  expect(
    packages.flatMap(({ name, dependencies }) =>
      dependencies.filter((d) => apps.includes(d)).map((d) => [name, d]),
    ),
  ).toEqual([])
  expect(packages.flatMap(importsOfApps)).toEqual([])
})

test('an app knows another app by types alone, as a devDependency', () => {
  const all = workspaces('apps')
  expect(
    all.flatMap(({ name, dependencies }) =>
      dependencies.filter((d) => apps.includes(d)).map((d) => [name, d]),
    ),
  ).toEqual([])
  expect(all.flatMap(importsOfApps).filter(({ isType }) => !isType)).toEqual([])
})
