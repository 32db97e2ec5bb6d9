import { type Document, databaseName } from '@heed/mongo'

/** One service's user: what it may do in its own database, and nothing in any other. */
export interface MongoUser {
  name: string
  password: string
  privileges: readonly Privilege[]
}

export interface Privilege {
  /** An empty collection means each of the database. */
  resource: { db: string; collection: string }
  actions: readonly string[]
}

const appendOnly = ['find', 'insert', 'createIndex', 'listIndexes']
const turned = [...appendOnly, 'update']
const whole = [...turned, 'remove']

/** Compliance may add to its records and never change or remove one; the other rows are turned, never removed. */
const complianceCollections: Readonly<Record<string, readonly string[]>> = {
  ledger: appendOnly,
  sources: appendOnly,
  settings: appendOnly,
  accounts: appendOnly,
  businessNumbers: appendOnly,
  heads: turned,
  blocklist: turned,
  reviews: turned,
  sendings: turned,
  nationalLists: turned,
  instances: turned,
  restores: turned,
}

/** The users that the services' connection strings name. */
export function mongoUsers(passwords: Readonly<Record<string, string>>): MongoUser[] {
  return Object.entries(passwords).map(([name, password]) => {
    const db = databaseName(name)
    const privileges =
      name === 'compliance'
        ? Object.entries(complianceCollections).map(([collection, actions]) => ({
            resource: { db, collection },
            actions,
          }))
        : [{ resource: { db, collection: '' }, actions: whole }]
    return { name, password, privileges }
  })
}

export type RunCommand = (command: Document) => Promise<Document>

/** Makes each user and its role, or brings them up to what they should be; repeating it changes nothing. */
export async function ensureUsers(run: RunCommand, users: readonly MongoUser[]): Promise<void> {
  const writeConcern = { w: 'majority' }
  for (const { name, password, privileges } of users) {
    const role = `heed-${name}`
    const { roles: standingRoles } = await run({ rolesInfo: { role, db: 'admin' } })
    const roleCommand = standingRoles.length === 0 ? 'createRole' : 'updateRole'
    await run({ [roleCommand]: role, privileges, roles: [], writeConcern })
    const { users: standingUsers } = await run({ usersInfo: { user: name, db: 'admin' } })
    const userCommand = standingUsers.length === 0 ? 'createUser' : 'updateUser'
    await run({ [userCommand]: name, pwd: password, roles: [{ role, db: 'admin' }], writeConcern })
  }
}

const notYetInitialized = 94

/** Makes the member a replica set of one unless it is a member already; returns when it takes writes. */
export async function ensureReplicaSet(
  run: RunCommand,
  host: string,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  try {
    await run({ replSetGetStatus: 1 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === notYetInitialized)) throw error
    await run({ replSetInitiate: { _id: 'heed', members: [{ _id: 0, host }] } })
  }
  for (let attempt = 0; attempt < 300; attempt++) {
    const { isWritablePrimary } = await run({ hello: 1 })
    if (isWritablePrimary) return
    await pause(100)
  }
  throw new Error('the replica set has no primary after 30 s')
}
