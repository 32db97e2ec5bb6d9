import type { openAudiences, openPeople } from '@heed/audience'
import type { Logger } from '@heed/service'
import type { Compliance } from '../compliance.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { Marks } from '../store/marks.ts'
import type { Sequences } from '../store/sequences.ts'
import { carryOn } from './carry-on.ts'
import { createSequence } from './create-sequence.ts'
import { endBlocked } from './end-blocked.ts'
import { endSequence } from './end-sequence.ts'
import { enrol } from './enrol.ts'
import { enrolAudience } from './enrol-audience.ts'
import { moveSequence } from './move-sequence.ts'
import { readSequences } from './read-sequences.ts'
import type { Texting } from './texting.ts'
import { tidy } from './tidy.ts'
import { beginTriggers, type Changes, followTriggers } from './triggers.ts'
import type { UseCases } from './use-cases.ts'

export function composeUseCases(deps: {
  sequences: Sequences
  enrolments: Enrolments
  outbound: Texting
  compliance: Compliance
  audience: ReturnType<typeof openAudiences>
  marks: Marks
  changes: Changes
  people: ReturnType<typeof openPeople>
  newSequenceId: () => string
  newEnrolmentIds: (count: number) => string[]
  monoMs: () => number
  log: Logger
}) {
  const carrying = carryOn(deps)
  const ending = endSequence({ ...deps, carryOn: carrying })
  const read = readSequences(deps)
  const enrolling = enrol({ ...deps, carryOn: carrying })
  const useCases: UseCases = {
    create: createSequence({ ...deps, beginTriggers: beginTriggers({ ...deps, now: deps.outbound.now }) }),
    enrol: enrolling,
    enrolAudience: enrolAudience({ ...deps, enrol: enrolling }),
    texts: deps.outbound.texts,
    move: moveSequence({ ...deps, endSequence: ending }),
    read: {
      get: read.get,
      list: read.list,
      enrolments: read.enrolments,
    },
  }
  return {
    useCases,
    carryOn: carrying,
    followTriggers: followTriggers({ ...deps, enrol: enrolling }),
    endBlocked: endBlocked({ ...deps, carryOn: carrying }),
    tidy: tidy({ ...deps, carryOn: carrying, endSequence: ending }),
  }
}

export type Composed = ReturnType<typeof composeUseCases>
