import type { PhoneNumber } from '@heed/phone'
import { type CountryCode, readNumber } from '@heed/phone/read'
import { backoffMs, type Logger } from '@heed/service'
import type { Compliance } from '../compliance.ts'
import { CrmError } from '../crm-error.ts'
import type { Messages } from '../messages.ts'
import type { LinkDocument, Links } from '../store/links.ts'
import type { Task, Work, WorkDocument } from '../store/work.ts'
import type { postSigned } from '../webhook/standard.ts'
import { sourceOf } from './follow-consent.ts'
import type { Keys } from './keys.ts'
import { outputOf } from './run-action.ts'

export interface WorkDeps {
  readonly work: Pick<Work, 'claim' | 'end' | 'tryAgain'>
  readonly links: Pick<Links, 'open'>
  readonly keys: Pick<Keys, 'portal' | 'secret'>
  readonly compliance: Pick<Compliance, 'optOut'>
  readonly messages: Pick<Messages, 'get'>
  readonly post: typeof postSigned
  readonly now: () => Date
  readonly count: (kind: string, outcome: string) => void
  readonly log: Logger
}

type Of<Kind extends Task['kind']> = Extract<Task, { kind: Kind }>
/** What became of it, or when to look again. */
type Done = string | { readonly againInMs: number }

const backoff = { firstMs: 500, maxMs: 600_000 }
const lookAgainMs = 2_000
/** So that one CRM which hangs does not keep the others waiting. */
const workers = 4
/** Where HubSpot keeps a contact's numbers; the calculated one has its country code. */
const numberProperties = ['hs_calculated_phone_number', 'hs_calculated_mobile_number', 'phone', 'mobilephone']

/** Does what is due, one task after another, until nothing is. What fails is tried again, for as long as it takes. */
export function doWork(deps: WorkDeps) {
  const doOne = async (item: WorkDocument): Promise<void> => {
    const link = await deps.links.open(item.link)
    if (!link) return finish(item, 'link-closed')
    try {
      const done = await perform(deps, link, item)
      if (typeof done === 'string') return await finish(item, done)
      await deps.work.tryAgain(item, new Date(deps.now().getTime() + done.againInMs), 'waiting')
    } catch (error) {
      if (error instanceof CrmError && error.refused && item.task.kind !== 'hear-opt-out') {
        deps.log.warn({ err: error, link: link._id, task: item.task.kind }, 'a CRM refused what it was told')
        return finish(item, `refused: ${error.message}`)
      }
      const waitMs = Math.max(
        backoffMs(item.failures, backoff),
        error instanceof CrmError ? error.afterMs : 0,
      )
      const what = error instanceof Error ? error.message : 'failed'
      await deps.work.tryAgain(item, new Date(deps.now().getTime() + waitMs), what)
      deps.count(item.task.kind, 'again')
      deps.log.info({ err: error, link: link._id, task: item.task.kind }, 'a CRM is asked again later')
    }
  }
  const finish = async (item: WorkDocument, outcome: string) => {
    await deps.work.end(item, outcome)
    deps.count(item.task.kind, outcome.startsWith('refused') ? 'refused' : outcome)
  }
  const worker = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const item = await deps.work.claim(deps.now())
      if (!item) return
      await doOne(item)
    }
  }
  return async (signal: AbortSignal): Promise<void> => {
    await Promise.all(Array.from({ length: workers }, () => worker(signal)))
  }
}

function perform(deps: WorkDeps, link: LinkDocument, item: WorkDocument): Promise<Done> {
  const { task } = item
  if (task.kind === 'write-state') return writeState(deps, link, item, task)
  if (task.kind === 'hear-opt-out') return hearOptOut(deps, link, task)
  return completeAction(deps, link, task)
}

async function writeState(
  deps: WorkDeps,
  link: LinkDocument,
  { turn, rank }: WorkDocument,
  { number, state, since }: Of<'write-state'>,
): Promise<Done> {
  if (link.kind === 'hubspot') {
    if (link.subscriptionId === null) return 'nowhere'
    const status = state === 'out' ? 'UNSUBSCRIBED' : 'SUBSCRIBED'
    await deps.keys.portal(link).setSubscription(number, link.subscriptionId, status)
    return 'told'
  }
  if (link.url === null) return 'nowhere'
  // Told twice it has the same id, so that the receiver may know it.
  const id = `${link._id}-${rank?.epoch}-${rank?.rev}-${turn}`
  const type = state === 'out' ? 'contact.opted-out' : 'contact.opted-in'
  const body = { type, timestamp: since, data: { number } }
  await deps.post({ secret: deps.keys.secret(link), url: link.url, id, at: deps.now(), body })
  return 'told'
}

async function hearOptOut(
  { keys, compliance, log }: WorkDeps,
  link: LinkDocument,
  { objectId, eventId, at }: Of<'hear-opt-out'>,
): Promise<Done> {
  const properties = await keys.portal(link).contact(objectId, numberProperties)
  const country = (link.country ?? undefined) as CountryCode | undefined
  const numbers = new Set<PhoneNumber>()
  for (const written of Object.values(properties ?? {})) {
    const number = written ? readNumber(written, country) : null
    if (number) numbers.add(number)
  }
  if (numbers.size === 0) {
    log.warn(
      { link: link._id, event: eventId },
      'HubSpot says that somebody wants no texts, and no number of theirs',
    )
    return 'no-number'
  }
  await compliance.optOut({ a: link.a, numbers: [...numbers], source: sourceOf(link, eventId), sentAt: at })
  return 'opted-out'
}

async function completeAction(
  { keys, messages, now }: WorkDeps,
  link: LinkDocument,
  { callbackId, messageId, until }: Of<'complete-action'>,
): Promise<Done> {
  if (now() >= until) return 'expired'
  const message = await messages.get(link.a, messageId)
  if (message.state === 'waiting') return { againInMs: lookAgainMs }
  await keys.portal(link).complete(callbackId, outputOf(message))
  return 'completed'
}
