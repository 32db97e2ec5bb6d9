import type { TextStore } from '@heed/outbound'
import type { addAudience } from './add-audience.ts'
import type { addRecipients } from './add-recipients.ts'
import type { createBroadcast } from './create-broadcast.ts'
import type { forecastBroadcast } from './forecast-broadcast.ts'
import type { moveBroadcast } from './move-broadcast.ts'
import type { readBroadcasts } from './read-broadcasts.ts'
import type { tryText } from './try-text.ts'
import type { watchBroadcast } from './watch-broadcast.ts'

/** What the router needs. */
export interface UseCases {
  readonly create: ReturnType<typeof createBroadcast>
  readonly addRecipients: ReturnType<typeof addRecipients>
  readonly addAudience: ReturnType<typeof addAudience>
  readonly forecast: ReturnType<typeof forecastBroadcast>
  readonly watch: ReturnType<typeof watchBroadcast>
  readonly tryText: ReturnType<typeof tryText>
  readonly move: ReturnType<typeof moveBroadcast>
  readonly read: ReturnType<typeof readBroadcasts>
  readonly texts: Pick<TextStore, 'ofNumber'>
}
