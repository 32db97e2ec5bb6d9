/** Why a delivery of a webhook failed: the connection, the waiting for an answer, or the answer itself. */
export type DeliveryFailure = 'ct' | 'rt' | '4xx' | '5xx'

export interface RetryRule {
  readonly retriesMax: number
  readonly retriedFailures: ReadonlySet<string>
}

const failures = ['ct', 'rt', '4xx', '5xx']

/**
 * How Twilio repeats a webhook: once, where the connection failed, unless the fragment of its URL says
 * otherwise (`#rc=3&rp=all`). Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
 */
export function retryRule(url: string): RetryRule {
  const overrides = new URLSearchParams(URL.parse(url)?.hash.slice(1) ?? '')
  const count = overrides.get('rc') ?? ''
  const policy = (overrides.get('rp') ?? 'ct').split(',')
  return {
    retriesMax: /^[0-5]$/.test(count) ? Number(count) : 1,
    retriedFailures: new Set(
      policy.includes('all') ? failures : policy.filter((one) => failures.includes(one)),
    ),
  }
}

/** The fragment is for the carrier: it is neither requested nor signed. */
export function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? url : url.slice(0, at)
}
