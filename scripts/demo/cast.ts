import { AccountId, PhoneNumber } from '@heed/phone'

export interface Cast {
  readonly acme: Sender
  readonly beta: Sender
  readonly maria: PhoneNumber
  readonly others: PhoneNumber[]
}

interface Sender {
  readonly accountId: AccountId
  readonly name: string
  readonly from: PhoneNumber
}

/** Who plays. The numbers are of an area code that is not assigned, so they are nobody's. */
export function castOf(): Cast {
  const sender = (id: string, name: string, from: string): Sender => ({
    accountId: AccountId.parse(id),
    name,
    from: PhoneNumber.parse(from),
  })
  return {
    acme: sender('acme', 'Acme', '+15550100001'),
    beta: sender('beta', 'Beta Dental', '+15550100002'),
    maria: PhoneNumber.parse('+15552000000'),
    others: Array.from({ length: 120 }, (_, i) => PhoneNumber.parse(`+1555300${String(i).padStart(4, '0')}`)),
  }
}
