import type { Logger } from '@heed/service'
import type { Compliance } from '../compliance.ts'
import type { HubSpot } from '../hubspot/client.ts'
import type { Messages } from '../messages.ts'
import type { Enrol } from '../sequences.ts'
import type { Links } from '../store/links.ts'
import type { Work } from '../store/work.ts'
import { postSigned } from '../webhook/standard.ts'
import { connect } from './connect.ts'
import { doWork } from './do-work.ts'
import { followConsent } from './follow-consent.ts'
import { hearEvents } from './hear-events.ts'
import { openKeys } from './keys.ts'
import { orderEnrolment } from './order-enrolment.ts'
import { runAction } from './run-action.ts'

export function composeUseCases(deps: {
  key: Buffer
  links: Links
  work: Work
  hubspot: HubSpot
  compliance: Compliance
  messages: Messages
  enrolIn: Enrol
  now: () => Date
  newLinkId: () => string
  newSecret: () => string
  /** There is something to be done. */
  wakeWork: () => void
  /** There is something to be followed. */
  wakeSweep: () => void
  count: (kind: string, outcome: string) => void
  log: Logger
}) {
  const keys = openKeys(deps)
  const enrol = orderEnrolment({ ...deps, enrol: deps.enrolIn })
  const working = { ...deps, keys, enrol, wake: deps.wakeWork }
  return {
    keys,
    links: deps.links,
    messages: deps.messages,
    enrol,
    compliance: deps.compliance,
    connect: connect({ ...deps, keys, wake: deps.wakeSweep }),
    runAction: runAction(working),
    hearEvents: hearEvents(working),
    followConsent: followConsent(working),
    doWork: doWork({ ...working, post: postSigned }),
  }
}
export type UseCases = ReturnType<typeof composeUseCases>
