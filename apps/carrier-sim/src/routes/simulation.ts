import type { IncomingMessage } from 'node:http'
import type { HttpApp } from '@heed/service'
import { z } from 'zod'
import type { Carrier } from '../carrier.ts'
import { isPhone, isSender, isWebhookUrl } from '../domain/create-request.ts'
import { FaultSet } from '../domain/faults.ts'
import type { Faults } from '../faults.ts'
import type { CarrierStore } from '../store/carrier-store.ts'
import type { HttpReply } from './http-reply.ts'

export interface SimulationDependencies {
  readonly store: CarrierStore
  readonly carrier: Carrier
  readonly faults: Faults
  readonly firstByteAtMs: (request: IncomingMessage) => number
}

const Sender = z.string().refine(isSender, 'is no number')
const Phone = z.string().refine(isPhone, 'is no E.164 number')
const NumberSettings = z.strictObject({
  webhookUrl: z.string().refine(isWebhookUrl, 'is no http or https URL'),
})
const Reply = z.strictObject({
  to: Sender,
  body: z.string().max(16_000),
  delayMs: z.int().min(0).max(3_600_000).default(0),
  duplicates: z.int().min(0).max(100).default(0),
  optOutType: z.enum(['STOP', 'START', 'HELP']).nullable().default(null),
})

interface Named {
  Params: { number: string }
}

/** What the people and the weather do: phones that receive and reply, numbers, faults. No credentials. */
export function simulationRoutes(app: HttpApp, dependencies: SimulationDependencies) {
  const { store, carrier, faults, firstByteAtMs } = dependencies

  app.get<Named>('/phones/:number', async (request, reply) => {
    const phone = read(Phone, request.params.number, reply, 'number')
    return phone === null ? reply : store.textsOf(phone)
  })

  app.post<Named>('/phones/:number/reply', async (request, reply) => {
    const from = read(Phone, request.params.number, reply, 'number')
    if (from === null) return reply
    const asked = read(Reply, request.body, reply)
    if (asked === null) return reply
    const { messageSid, answer } = await carrier.reply({ from, ...asked }, firstByteAtMs(request.raw))
    return { messageSid, status: answer.status, twiml: answer.body }
  })

  app.put<Named>('/numbers/:number', async (request, reply) => {
    const number = read(Sender, request.params.number, reply, 'number')
    if (number === null) return reply
    const settings = read(NumberSettings, request.body, reply)
    if (settings === null) return reply
    await store.setWebhookUrl(number, settings.webhookUrl)
    return { number, ...settings }
  })

  app.post('/faults', async (request, reply) => {
    const set = read(FaultSet, request.body, reply)
    if (set === null) return reply
    faults.replace(set)
    return { faults: set }
  })

  app.get('/faults', async () => ({ faults: faults.list() }))
}

/** Null where it answered 400 and named what is wrong, without repeating what was given. */
function read<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  reply: HttpReply,
  name?: string,
): z.infer<Schema> | null {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const wrong = result.error.issues.map(({ path, message }) => ({
    field: path.join('.') || (name ?? 'body'),
    problem: message,
  }))
  reply.status(400).send({
    error: { message: 'The request cannot be read.', data: { reason: 'bad-request', wrong } },
  })
  return null
}
