import { randomBytes } from 'node:crypto'

/** In order of time, so that lists read by id come in the order of creation. */
const timedId = (prefix: string) =>
  `${prefix}_${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`

export const newContactId = () => timedId('ct')
export const newListId = () => timedId('ls')
