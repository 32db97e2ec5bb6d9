import { readdirSync } from 'node:fs'
import type { Document } from '@heed/mongo'
import { expect, test } from 'vitest'
import { ensureReplicaSet, ensureUsers, mongoUsers } from '../../deploy/mongo-users.ts'
import { environmentOf, filledEnvironment, read } from './compose-file.ts'

const users = mongoUsers({
  compliance: 'c',
  'inbound-sms': 'i',
  campaign: 'b',
  sequence: 's',
  contacts: 'p',
  messages: 'm',
  crm: 'r',
})
const compliance = users.find(({ name }) => name === 'compliance')?.privileges ?? []

/** A MongoDB of three commands; it remembers what it was told. */
function scriptedAdmin(hello: boolean[] = [true]) {
  const roles = new Map<string, Document>()
  const known = new Map<string, Document>()
  const told: string[] = []
  let isInitiated = false
  const run = async (command: Document): Promise<Document> => {
    const [verb = '', subject] = Object.entries(command)[0] ?? []
    told.push(verb)
    if (verb === 'rolesInfo') return { roles: roles.has(subject.role) ? [{}] : [] }
    if (verb === 'usersInfo') return { users: known.has(subject.user) ? [{}] : [] }
    if (verb === 'hello') return { isWritablePrimary: hello.shift() ?? true }
    if (verb === 'replSetGetStatus' && !isInitiated) {
      throw Object.assign(new Error('no replset config has been received'), { code: 94 })
    }
    if (verb === 'replSetInitiate') isInitiated = true
    if (verb.endsWith('Role')) roles.set(subject, command)
    if (verb.endsWith('User')) known.set(subject, command)
    return { ok: 1 }
  }
  return { run, told, roles, known }
}

test('the ledger, its sources and every other record can be added to and never changed or removed', () => {
  for (const name of ['ledger', 'sources', 'settings', 'accounts', 'businessNumbers']) {
    const [privilege, ...more] = compliance.filter(({ resource }) => resource.collection === name)
    expect(more).toEqual([])
    expect([...(privilege?.actions ?? [])].sort()).toEqual(['createIndex', 'find', 'insert', 'listIndexes'])
  }
  expect(compliance.flatMap(({ actions }) => actions)).not.toContain('remove')
  expect(compliance.map(({ resource }) => resource.collection)).not.toContain('')
})

test('every collection that compliance opens is one that its user may use', () => {
  const folder = 'apps/compliance/src/store'
  const stores = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const opened = stores.flatMap((file) =>
    [...read(`${folder}/${file}`).matchAll(/collection(?:<.*?>)?\('(\w+)'\)/g)].map(([, name]) => name),
  )
  expect(opened).toContain('ledger')
  expect(compliance.map(({ resource }) => resource.collection)).toEqual(expect.arrayContaining(opened))
})

test('each service reaches its own database and no other', () => {
  for (const { name, privileges } of users) {
    const databases = new Set(privileges.map(({ resource }) => resource.db))
    expect([...databases]).toEqual([`heed_${name}`])
  }
})

test('the users are those of the connection strings, with the same passwords', async () => {
  const given = await filledEnvironment()
  const prepared = environmentOf('prepare', given)
  for (const { name } of users) {
    const { username, password, searchParams } = new URL(environmentOf(name, given).MONGODB_URL ?? '')
    const variable = `MONGODB_${name.replace('-', '_').toUpperCase()}_PASSWORD`
    expect([username, password]).toEqual([name, prepared[variable]])
    expect(searchParams.get('authSource')).toBe('admin')
    expect(searchParams.get('replicaSet')).toBe('heed')
  }
})

test('users and roles are made once and brought up to date from then on', async () => {
  const admin = scriptedAdmin()
  await ensureUsers(admin.run, users)
  expect(admin.known.get('campaign')).toMatchObject({
    pwd: 'b',
    roles: [{ role: 'heed-campaign', db: 'admin' }],
  })
  expect(admin.roles.get('heed-compliance')).toMatchObject({ privileges: compliance, roles: [] })
  expect(admin.told).not.toContain('updateUser')
  admin.told.length = 0
  await ensureUsers(admin.run, users)
  expect(admin.told.filter((verb) => verb.startsWith('create'))).toEqual([])
  expect(admin.told).toContain('updateUser')
})

test('a member is initiated once, and is prepared when it takes writes', async () => {
  const admin = scriptedAdmin([false, false, true])
  const pauses: number[] = []
  const pause = async (ms: number) => void pauses.push(ms)
  await ensureReplicaSet(admin.run, 'mongod:27017', pause)
  expect(admin.told).toEqual(['replSetGetStatus', 'replSetInitiate', 'hello', 'hello', 'hello'])
  expect(pauses).toHaveLength(2)
  admin.told.length = 0
  await ensureReplicaSet(admin.run, 'mongod:27017', pause)
  expect(admin.told).not.toContain('replSetInitiate')
})
