import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import { createRpcClient, signToken } from '@heed/rpc'
import {
  newAccountId,
  newPhoneNumber,
  startScriptedServer,
  testBus,
  testDatabase,
  waitFor,
} from '@heed/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'

/** What an OpenTelemetry collector is sent (OTLP/HTTP, JSON), as far as this test reads it. */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({
        attributes: z.array(
          z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }),
        ),
      }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
})

type Span = ReturnType<typeof spansOf>[number]

function spansOf(body: string) {
  return Export.parse(JSON.parse(body)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })))
  })
}

/** Of each span in which a gate heard of a change: the names from the root of its trace down to it. */
function waysOf(spans: readonly Span[]): string[][] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const wayOf = (span: Span | undefined): string[] =>
    span === undefined ? [] : [...wayOf(byId.get(span.parentSpanId ?? '')), `${span.service}: ${span.name}`]
  return spans.filter(({ name }) => name === 'hear consentChanged').map(wayOf)
}

test('a STOP is one trace, from the webhook to the dropped verdict of each gate, and no number is in it (D1)', async () => {
  await using opening = new AsyncDisposableStack()
  const collector = opening.use(await startScriptedServer())
  const folder = mkdtempSync(join(tmpdir(), 'heed-traces-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const database = opening.use(await testDatabase('campaign'))
  for (const name of ['compliance', 'inbound-sms', 'sequence']) {
    const other = database.connection.db(database.name.replace('campaign', name))
    opening.defer(async () => void (await other.dropDatabase()))
  }
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const secrets = await generateSecrets()
  const services = opening.use(
    await startServices({
      config: stackConfig({ ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
      names: ['compliance', 'carrier-sim', 'inbound-sms', 'campaign', 'sequence'],
      group: opening.use(await openProcessGroup(join(folder, 'processes'))),
      mongodbUrl: database.url,
      natsUrl: bus.url,
      databaseId: database.databaseId,
      secrets,
      dataRoot: join(folder, 'data'),
    }),
  )
  const { rpc } = opening.use(
    createRpcClient<ComplianceRouter>({
      url: services.urls.compliance ?? '',
      token: () => signToken({ key: secrets.developerKey, role: 'admin', accounts: ['*'], ttlSeconds: 600 }),
      timeoutMs: 10_000,
    }),
  )
  const [accountId, business] = [newAccountId(), newPhoneNumber()]
  await rpc.accounts.create.mutate({ name: 'Acme', accountId })
  await rpc.accounts.addNumber.mutate({ accountId, number: business })
  const carrier = async (method: string, path: string, body: object) =>
    fetch(`${services.urls['carrier-sim']}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const webhookUrl = `${services.urls['inbound-sms']}/webhooks/twilio`
  await carrier('PUT', `/numbers/${encodeURIComponent(business)}`, { webhookUrl })
  // Before NATS is there, a gate hears of nothing: it learns of opt-outs by asking.
  for (const name of ['inbound-sms', 'campaign', 'sequence']) {
    await waitFor(async () => (await fetch(`${services.urls[name]}/readyz`)).ok, {
      what: `${name} to be ready`,
    })
  }
  // A STOP that compliance does not commit at once comes again from the journal, in a trace of its own.
  const people = Array.from({ length: 5 }, newPhoneNumber)
  for (const person of people) {
    const path = `/phones/${encodeURIComponent(person)}/reply`
    const answer = await carrier('POST', path, { to: business, body: 'STOP' })
    if (((await answer.json()) as { status: number }).status === 200) break
  }

  const ways = await waitFor(
    () => {
      const found = waysOf(collector.requests.flatMap(({ body }) => spansOf(body)))
      const direct = found.filter(([first]) => first?.endsWith('webhook message'))
      return direct.length >= 2 && direct
    },
    { timeoutMs: 30_000, what: 'the way of the STOP to both gates' },
  )
  const way = [
    'inbound-sms: webhook message',
    'inbound-sms: call consent.optOut',
    'compliance: rpc consent.optOut',
    'compliance: publish CONSENT',
  ]
  expect(ways.sort()).toEqual([
    [...way, 'campaign: hear consentChanged'],
    [...way, 'sequence: hear consentChanged'],
  ])
  const told = collector.requests.map(({ body }) => body).join('\n')
  for (const number of [business, ...people]) expect(told).not.toContain(number.slice(1))
  expect(told).not.toContain('STOP')
}, 120_000)
