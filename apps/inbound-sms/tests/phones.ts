/** The phones and the weather of the carrier at `url`. */
export function carrierAt(url: string) {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return response.json()
  }
  const on = (kind: string, number: string) => `/${kind}/${encodeURIComponent(number)}`
  return {
    url,
    faults: (faults: unknown) => call('POST', '/faults', faults),
    setWebhook: (number: string, webhookUrl: string) => call('PUT', on('numbers', number), { webhookUrl }),
    reply: async (
      from: string,
      reply: { to: string; body: string; duplicates?: number; optOutType?: string },
    ) =>
      (await call('POST', `${on('phones', from)}/reply`, reply)) as {
        messageSid: string
        status: number
        twiml: string
      },
    texts: async (phone: string) =>
      (await call('GET', on('phones', phone))) as { sid: string; from: string; body: string }[],
  }
}
