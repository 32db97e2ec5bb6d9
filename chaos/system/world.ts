import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type RunFile, repository } from '@heed/local-stack'
import { carrierAt } from '../outside/carrier.ts'
import { type CallAnswer, call, http, type Json } from '../outside/http.ts'
import type { Outage } from './outages.ts'
import { patience } from './patience.ts'
import { processesOf } from './processes.ts'

const run = promisify(execFile)

export interface WorldOptions {
  readonly runFile: string
  readonly processFolder: string
  readonly sink?: (line: string, name: string) => void
  /** Where the carrier's webhooks go; inbound-sms itself where not given. */
  readonly inboundUrl?: string
  /** Where it is kept what is done to the system. */
  readonly outages?: Outage[]
  /** Hears of every answer that is an error. */
  readonly onError?: (text: string) => void
}

/** What an outsider can do with a system of which he has only the run file. */
export type World = Awaited<ReturnType<typeof openWorld>>

/** Reads a run file once, as any program could. */
export async function openWorld(options: WorldOptions) {
  const system: RunFile = JSON.parse(readFileSync(options.runFile, 'utf8'))
  const outages = options.outages ?? []
  const processes = processesOf(system, options.processFolder, outages, options.sink ?? (() => {}))
  const url = (name: string) => {
    const found = system.processes.find((one) => one.name === name)
    if (!found) throw new RangeError(`${name} does not run`)
    return found.url
  }
  const token = await tokenSource(system)
  let isGivingUp = false
  const ask = async <Data = Json>(
    service: string,
    procedure: string,
    input: unknown,
    timeoutMs?: number,
  ): Promise<CallAnswer<Data>> => {
    const answer = await call<Data>(url(service), procedure, input, await token(), timeoutMs)
    if (answer.status >= 400) options.onError?.(answer.text)
    return answer
  }

  return {
    system,
    outages,
    processes,
    url,
    ask,
    token,
    webhookUrl: `${options.inboundUrl ?? url('inbound-sms')}/webhooks/twilio`,
    carrier: carrierAt(url('carrier-sim')),
    killAndRestart: processes.killAndRestart,

    /** While told so, nobody asks again who got no answer. */
    giveUp(told: boolean): void {
      isGivingUp = told
    },
    hasGivenUp: () => isGivingUp,

    /** Asks again while nobody answers, as an operator would. A refusal is an answer. */
    async insist<Data = Json>(service: string, procedure: string, input: unknown, withinMs = 60_000) {
      const isOver = patience(withinMs)
      for (;;) {
        const answer: CallAnswer<Data> = await ask<Data>(service, procedure, input)
        if (answer.status > 0 && answer.status < 500) return answer
        if (isOver() || isGivingUp)
          throw new Error(`${procedure} has no answer: ${answer.status} ${answer.text}`)
        await sleep(150)
      }
    },

    /** The messages that people sent to a number, as the carrier's own API tells them, or null. */
    inbound: (to: string) => inboundOf(system, url('carrier-sim'), to),

    /** Resolves when every service says that it is ready. */
    async ready(names: readonly string[], withinMs: number): Promise<void> {
      const isOver = patience(withinMs)
      for (const name of names) {
        for (;;) {
          const { status, text } = await http('GET', `${url(name)}/readyz`, { timeoutMs: 3_000 })
          if (status === 200) break
          if (isOver()) throw new Error(`${name} is not ready: ${status} ${text}`)
          await sleep(50)
        }
      }
    },

    [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
  }
}

interface Inbound {
  sid: string
  from: string
  body: string
  createdAt: number
}

async function inboundOf(system: RunFile, carrierUrl: string, to: string): Promise<Inbound[] | null> {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: secret } = system.secrets
  const authorization = `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`
  const found: Inbound[] = []
  const query = new URLSearchParams({ To: to, PageSize: '1000' })
  let next: string | null = `/2010-04-01/Accounts/${sid}/Messages.json?${query}`
  while (next !== null) {
    const answer = await http('GET', `${carrierUrl}${next}`, { headers: { authorization } })
    if (answer.status !== 200) return null
    const page: { messages: Record<string, string>[]; next_page_uri: string | null } = JSON.parse(answer.text)
    for (const { direction, sid = '', from = '', body = '', date_created = '' } of page.messages)
      if (direction === 'inbound') found.push({ sid, from, body, createdAt: Date.parse(date_created) })
    next = page.next_page_uri ?? null
  }
  return found
}

/** Tokens live for an hour; a run may be longer. */
async function tokenSource(system: RunFile): Promise<() => Promise<string>> {
  let token = adminToken(system)
  let madeAt = performance.now()
  await token
  return () => {
    if (performance.now() - madeAt < 1_800_000) return token
    madeAt = performance.now()
    token = adminToken(system)
    return token
  }
}

async function adminToken({ secrets }: RunFile): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [join(repository, 'scripts/token.ts'), '--role', 'admin', '--accounts', '*', '--ttl', '3600'],
    { cwd: repository, env: { PATH: process.env.PATH ?? '', TOKEN_PRIVATE_KEY: secrets.TOKEN_PRIVATE_KEY } },
  )
  return stdout.trim().split('\n').at(-1) ?? ''
}
