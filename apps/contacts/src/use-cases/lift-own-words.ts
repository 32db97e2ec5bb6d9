import type { AccountId } from '@heed/phone'
import type { Compliance } from '../compliance.ts'
import { markOf } from '../domain/mark.ts'

interface Lift {
  readonly a: AccountId
  readonly number: string
  readonly list: 'own' | 'dnc'
  /** What the sources of our own words begin with: a block that anything else holds stays. */
  readonly ours: string
  /** Begins the source of this lift. */
  readonly sourcePrefix: string
  readonly cause: string
  readonly actor?: string
  readonly note: string
}

/**
 * Lifts a block that our own words alone hold. An opt-out by hand of a number that was blocked already holds nothing
 * by itself, so the history is read for one: it would be lost with ours. One that comes while this runs is found by
 * the second reading and blocks again; that the block stands until then is not promised, that it stands afterwards is.
 * Answers with the rev of the lift, or null where it stays.
 */
export async function liftOwnWords(compliance: Compliance, lift: Lift): Promise<number | null> {
  const { a, number, list, ours, sourcePrefix, cause, actor, note } = lift
  const block = (await compliance.status(a, [number]))[0]?.blocks.find((one) => one.list === list)
  if (!block || block.sources.length !== block.held) return null
  if (!block.sources.every((source) => source.startsWith(ours))) return null
  const others = async () => saidBeside(await compliance.history(a, number), list, ours)
  if ((await others()).length > 0) return null
  const basis = { epoch: block.epoch, rev: block.rev }
  const source = (...marks: string[]) => `${sourcePrefix}${markOf(...marks, basis.epoch, number)}`
  const evidence = { accountId: a, list, cause, ...(actor ? { actor } : {}) }
  const { outcome, rev } = await compliance.optIn({
    ...evidence,
    note,
    number,
    basis,
    source: source('lift', String(basis.rev)),
  })
  if (outcome !== 'lifted') return null
  const meanwhile = await saidBefore(compliance, lift, rev)
  if (meanwhile === null) return rev
  await compliance.optOut({ ...evidence, numbers: [number], source: source('again', meanwhile) })
  return null
}

interface Said {
  readonly rev: number
  readonly list: string
  readonly op: string
  readonly outcome: string
  readonly source: string
}

/** Opt-outs by others of a number that was blocked already, since it was. */
function saidBeside(history: readonly Said[], list: string, ours: string): Said[] {
  let said: Said[] = []
  for (const entry of history.filter((one) => one.list === list)) {
    if (entry.op === 'lift' || entry.outcome === 'turned') said = []
    else if (entry.outcome === 'known' && !entry.source.startsWith(ours)) said.push(entry)
  }
  return said
}

async function saidBefore(compliance: Compliance, { a, number, list, ours }: Lift, rev: number) {
  const before = (await compliance.history(a, number)).filter((entry) => entry.rev < rev)
  return saidBeside(before, list, ours)[0]?.source ?? null
}
