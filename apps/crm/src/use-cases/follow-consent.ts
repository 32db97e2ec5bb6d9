import type { AccountId } from '@heed/phone'
import type { Compliance, ConsentPage } from '../compliance.ts'
import type { LinkDocument, Links } from '../store/links.ts'
import type { Work } from '../store/work.ts'

/** What a link's CRM is told by; a change that it has told us itself is not told back. */
export const sourceOf = ({ _id }: Pick<LinkDocument, '_id'>, id: string) => `${_id}-${id}`

/**
 * Takes an account's opt-outs and opt-ins over for one link, from the last that was, page by page. The mark is raised
 * after what follows from a page was kept, so a crash repeats a page and loses none.
 */
export function followConsent(deps: {
  links: Pick<Links, 'raise'>
  work: Pick<Work, 'replace'>
  compliance: Pick<Compliance, 'changes'>
  now: () => Date
  wake: () => void
}) {
  return async (link: LinkDocument, signal: AbortSignal): Promise<void> => {
    let { mark } = link
    for (;;) {
      signal.throwIfAborted()
      const page = await pageAfter(deps.compliance, link.a, mark)
      const last = page.changes.at(-1)?.rev ?? page.rev
      if (mark && mark.epoch === page.epoch && page.changes.length === 0) return
      for (const change of page.changes) if (isToBeTold(link, change)) await tell(link, page.epoch, change)
      mark = { epoch: page.epoch, rev: last }
      await deps.links.raise(link, mark)
      if (last >= page.rev) return
    }
  }

  async function tell(link: LinkDocument, epoch: string, change: ConsentPage['changes'][number]) {
    const now = deps.now()
    const state = change.op === 'block' ? ('out' as const) : ('in' as const)
    const task = { kind: 'write-state' as const, number: change.number, state, since: change.at }
    const id = { _id: `ws/${link._id}/${change.number}`, a: link.a, link: link._id }
    await deps.work.replace({ ...id, task, rank: { epoch, rev: change.rev }, dueAt: now }, now)
    deps.wake()
  }
}

/** Of another epoch than the mark's, from its beginning. */
async function pageAfter(
  compliance: Pick<Compliance, 'changes'>,
  a: AccountId,
  mark: LinkDocument['mark'],
): Promise<ConsentPage> {
  const page = await compliance.changes(a, mark?.rev ?? 0)
  return mark === null || mark.epoch === page.epoch ? page : compliance.changes(a, 0)
}

function isToBeTold(link: LinkDocument, { list, op, source }: ConsentPage['changes'][number]): boolean {
  const hasEar = link.kind === 'hubspot' ? link.subscriptionId !== null : link.url !== null
  return hasEar && list === 'own' && op !== 'keep' && !source.startsWith(sourceOf(link, ''))
}
