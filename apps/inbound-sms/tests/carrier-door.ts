import { signWebhook } from '@heed/twilio'

/** Where the carrier believes to reach inbound-sms: what it signs. */
export const publicUrl = 'https://sms.example.com/heed'

export interface Answer {
  readonly status: number
  readonly twiml: string
  readonly ms: number
}

let sids = 0
export const newSid = (): string => `SM${process.pid}x${Date.now()}x${++sids}`

/** What a carrier does at the door of an inbound-sms that listens at `url`. */
export function doorAt(url: string, authToken: string, accountSid: string) {
  const post = async (
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const startedAt = performance.now()
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    const twiml = await response.text()
    return { status: response.status, twiml, ms: performance.now() - startedAt }
  }
  const signed = (path: string, form: Record<string, string>) =>
    post(path, new URLSearchParams(form).toString(), {
      'x-twilio-signature': signWebhook({ authToken, url: publicUrl + path, params: form }),
    })
  return {
    url,
    post,
    signed,
    text: (from: string, to: string, body: string, more: Record<string, string> = {}) =>
      signed('/webhooks/twilio', {
        MessageSid: newSid(),
        AccountSid: accountSid,
        From: from,
        To: to,
        Body: body,
        ...more,
      }),
    async metric(name: string): Promise<number> {
      const text = await (await fetch(`${url}/metrics`)).text()
      const values = text
        .split('\n')
        .filter((line) => line.startsWith(name) && !line.startsWith('#'))
        .map((line) => Number(line.split(' ').at(-1)))
      return values.reduce((sum, value) => sum + value, 0)
    },
  }
}
