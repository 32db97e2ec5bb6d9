import type { openAudiences } from '@heed/audience'
import type { LaneId, Outbound } from '@heed/outbound'
import type { ComplianceAccounts } from '../compliance.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { addAudience } from './add-audience.ts'
import { addRecipients } from './add-recipients.ts'
import { createBroadcast } from './create-broadcast.ts'
import { endWaiting } from './end-waiting.ts'
import { forecastBroadcast } from './forecast-broadcast.ts'
import { moveBroadcast } from './move-broadcast.ts'
import { readBroadcasts } from './read-broadcasts.ts'
import { finishIfDone, tidy } from './tidy.ts'
import { tryText } from './try-text.ts'
import type { UseCases } from './use-cases.ts'
import { watchBroadcast } from './watch-broadcast.ts'

export function composeUseCases(deps: {
  broadcasts: Broadcasts
  outbound: Pick<Outbound, 'texts' | 'wake' | 'now'>
  accounts: ComplianceAccounts
  audience: ReturnType<typeof openAudiences>
  newId: () => string
  monoMs: () => number
}): {
  useCases: UseCases
  finishIfDone: (lane: LaneId) => Promise<void>
  tidy: (signal: AbortSignal) => Promise<void>
} {
  const ending = endWaiting(deps)
  const read = readBroadcasts(deps)
  const adding = addRecipients(deps)
  const finish = finishIfDone(deps)
  return {
    useCases: {
      create: createBroadcast(deps),
      addRecipients: adding,
      addAudience: addAudience({ ...deps, addRecipients: adding }),
      forecast: forecastBroadcast(deps),
      tryText: tryText(deps),
      move: moveBroadcast({ ...deps, endWaiting: ending }),
      read,
      watch: watchBroadcast(read),
      texts: deps.outbound.texts,
    },
    finishIfDone: finish,
    tidy: tidy({ ...deps, endWaiting: ending, finishIfDone: finish }),
  }
}
