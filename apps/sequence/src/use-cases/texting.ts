import type { Outbound } from '@heed/outbound'

/** What the use cases need of the package that carries texts. */
export type Texting = Pick<Outbound, 'texts' | 'lanes' | 'wake' | 'now'>
