import { NationalList, type Origin } from '@heed/phone'
import type { Policy, Reason } from './verdict.ts'

/**
 * The reasons that bind a text of this origin; none means that it may be sent. Without an origin: those that
 * bind any origin. Compliance decides `allowed` by it and the gate decides again, so both sides must run the
 * same function.
 *
 * Under policy 1 every list binds every origin, a list that this code has never heard of too. The confirmation
 * of an opt-out and the answer to HELP are no origins and do not come through here. Under policy 2 the same holds but for
 * a list that accounts share: it binds the origins that the account has named for it.
 */
export function bindingReasons(
  reasons: readonly Reason[],
  origin: Origin | undefined,
  policy: Policy,
): readonly Reason[] {
  switch (policy.v) {
    case 1:
      return reasons
    case 2:
      return reasons.filter(({ list }) => {
        if (!NationalList.safeParse(list).success) return true
        const named = policy.national.find((one) => one.list === list)
        return named !== undefined && (origin === undefined || named.origins.includes(origin))
      })
  }
}
