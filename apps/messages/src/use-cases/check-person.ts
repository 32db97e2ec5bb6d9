import { countSegments } from '@heed/wording'
import type { Compliance } from '../compliance.ts'
import type { ComposeInput, ComposeOutput } from '../schemas.ts'

/** Tells before typing whether the person may be texted and, where not, every reason, since when and by whom. */
export function checkPerson({
  compliance,
}: {
  compliance: Pick<Compliance, 'blocks' | 'status' | 'numbers'>
}) {
  return async ({ accountId, number, origin = 'one-to-one', text }: ComposeInput): Promise<ComposeOutput> => {
    // First: it names an account that is not there.
    const from = await compliance.numbers(accountId)
    const [blocks, { blocks: told }] = await Promise.all([
      compliance.blocks(accountId, number, origin),
      compliance.status(accountId, number),
    ])
    const counted = text === undefined ? null : countSegments(text)
    return {
      allowed: blocks.length === 0,
      reasons: blocks.flatMap(({ list, ...reason }) => {
        if (list === undefined) return []
        const block = told.find((one) => one.list === list)
        return [{ ...reason, list, cause: block?.cause ?? null, actor: block?.actor ?? null }]
      }),
      from: [...from],
      encoding: counted?.encoding ?? null,
      segments: counted?.segments ?? null,
    }
  }
}
