import type { TextStore } from '@heed/outbound'
import type { createSequence } from './create-sequence.ts'
import type { enrol } from './enrol.ts'
import type { enrolAudience } from './enrol-audience.ts'
import type { moveSequence } from './move-sequence.ts'
import type { readSequences } from './read-sequences.ts'

/** What the router needs. */
export interface UseCases {
  readonly create: ReturnType<typeof createSequence>
  readonly enrol: ReturnType<typeof enrol>
  readonly enrolAudience: ReturnType<typeof enrolAudience>
  readonly move: ReturnType<typeof moveSequence>
  readonly read: ReturnType<typeof readSequences>
  readonly texts: Pick<TextStore, 'ofNumber'>
}
