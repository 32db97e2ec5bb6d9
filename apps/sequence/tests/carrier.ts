import type { PhoneNumber } from '@heed/phone'

export interface ReceivedText {
  readonly sid: string
  readonly from: string
  readonly body: string
  readonly receivedAt: string
}

/** What a test asks of the simulated carrier. */
export function carrierAt(url: string) {
  return {
    async texts(number: PhoneNumber): Promise<ReceivedText[]> {
      const response = await fetch(`${url}/phones/${encodeURIComponent(number)}`)
      return (await response.json()) as ReceivedText[]
    },
    /** Replaces the carrier's faults. */
    async faults(...faults: object[]): Promise<void> {
      const response = await fetch(`${url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults }),
      })
      if (!response.ok) throw new Error(`faults were refused: ${await response.text()}`)
    },
  }
}
