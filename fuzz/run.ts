import { randomBytes } from 'node:crypto'
import { connectMongo, databaseName, type MongoConnection } from '@heed/mongo'
import { Agent, request } from 'undici'
import { type Rng, rngOf } from '../chaos/plan/rng.ts'
import { type Clients, connectClients } from '../scripts/demo/clients.ts'
import { type DemoSystem, startSystem } from '../scripts/demo/system.ts'
import { type Attempt, signedNonsense, type Target, unsigned } from './bodies.ts'

export interface FuzzReport {
  readonly seed: number
  readonly bodies: number
  /** How many answers had each status; 0 where none came. */
  readonly statuses: Readonly<Record<string, number>>
  readonly violations: readonly string[]
  readonly seconds: number
}

const inFlight = 32
/** As many of the bodies are signed, and are no messages. */
const signedShare = 0.2
const accountId = 'fuzzed'
const businessNumber = '+15552469000'
const people = Array.from({ length: 50 }, (_, index) => `+155524691${String(index).padStart(2, '0')}`)

/**
 * Posts malformed bodies to the webhooks of a whole system with compliance up, and looks: every one is answered, none by a
 * 5xx, no process died, unsigned ones wrote nothing anywhere and signed ones changed nobody's consent, no number
 * that they held stands in a log, and a STOP is heard afterwards as before.
 */
export async function runFuzz(options: {
  bodies: number
  seed: number
  say: (line: string) => void
}): Promise<FuzzReport> {
  const startedAt = performance.now()
  const lines: string[] = []
  const databaseId = `fuzz_${randomBytes(4).toString('hex')}`
  const onOutput = (line: string) => void lines.push(line)
  await using system = await startSystem({ databaseId, keep: false, say: options.say, onOutput })
  await using clients = connectClients(system)
  await using mongo = await connectMongo({
    url: system.mongodb.url,
    appName: 'heed-fuzz',
    purpose: 'ordinary',
  })
  await clients.compliance.accounts.create.mutate({ accountId, name: 'Fuzzed' })
  await clients.compliance.accounts.addNumber.mutate({ accountId, number: businessNumber as never })
  const count = (...apps: string[]) =>
    documentsOf(
      mongo,
      apps.map((app) => databaseName(app, databaseId)),
    )
  const target = targetOf(system)
  const rng = rngOf(options.seed)
  const statuses: Record<string, number> = {}
  const violations: string[] = []
  const post = (make: (rng: Rng, target: Target) => Attempt, bodies: number) =>
    postAll({ target, bodies, statuses, violations, make: () => make(rng, target) })

  const signed = Math.floor(options.bodies * signedShare)
  const before = await count('compliance', 'inbound-sms')
  await post(unsigned, options.bodies - signed)
  same(before, await count('compliance', 'inbound-sms'), 'an unsigned body', violations)
  const consent = await count('compliance')
  await post(signedNonsense, signed)
  same(consent, await count('compliance'), 'a body without a message', violations)

  violations.push(...(await deaths(system)), ...(await deafness(clients)), ...leaks(lines))
  const seconds = (performance.now() - startedAt) / 1_000
  return { seed: options.seed, bodies: options.bodies, statuses, violations, seconds }
}

function targetOf({ urls, secrets }: DemoSystem): Target {
  return {
    publicUrl: urls['inbound-sms'] ?? '',
    authToken: secrets.twilioAuthToken,
    accountSid: secrets.twilioAccountSid,
    numbers: people,
    businessNumber,
  }
}

async function postAll(given: {
  target: Target
  bodies: number
  make: () => Attempt
  statuses: Record<string, number>
  violations: string[]
}): Promise<void> {
  const { target, make, statuses, violations } = given
  const agent = new Agent({ connections: inFlight, pipelining: 1 })
  let left = given.bodies
  const worker = async () => {
    while (left-- > 0) {
      const { kind, path, headers, body } = make()
      const url = `${target.publicUrl}${path}`
      const answer = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers,
        body,
        headersTimeout: 10_000,
      }).catch(() => null)
      await answer?.body.dump()
      const status = answer?.statusCode ?? 0
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 0 || status >= 500)
        violations.push(`${kind} was answered ${status === 0 ? 'by nothing' : status}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  await agent.close()
}

/** How many documents each collection of some databases holds. What is kept of the instances themselves does not count. */
async function documentsOf(
  mongo: MongoConnection,
  databases: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const database of databases)
    for (const { name } of await mongo.db(database).listCollections().toArray())
      if (name !== 'instances')
        counts.set(`${database}.${name}`, await mongo.db(database).collection(name).countDocuments())
  return counts
}

function same(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  what: string,
  violations: string[],
): void {
  for (const [collection, count] of after) {
    const more = count - (before.get(collection) ?? 0)
    if (more !== 0) violations.push(`${what} changed ${collection} by ${more} documents`)
  }
}

async function deaths({ processes }: DemoSystem): Promise<string[]> {
  return processes.flatMap(({ name, pid }) => (isAlive(pid) ? [] : [`${name} died`]))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** After all that a STOP is heard like any other. */
async function deafness(clients: Clients): Promise<string[]> {
  const [person = ''] = people
  await clients.routeReplies(businessNumber)
  const { status } = await clients.reply(person, businessNumber, 'STOP')
  const [told] = await clients.compliance.consent.status.query({
    accountId,
    numbers: [person as never],
  } as never)
  return status === 200 && told?.state === 'out'
    ? []
    : [`a STOP afterwards was answered ${status}, and is ${told?.state}`]
}

const numberLike = /1?555246\d{4}/
function leaks(lines: readonly string[]): string[] {
  const found = lines.filter((line) => numberLike.test(line))
  return found.length === 0 ? [] : [`${found.length} log lines hold a phone number`]
}
