import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { identify, type RunFile, type RunningProcess, repository, startProcess } from '@heed/local-stack'
import { carrierAt } from './carrier.ts'
import { type CallAnswer, call, http, type Json } from './http.ts'

const run = promisify(execFile)

/** What an outsider can do with a system of which he has only the run file. */
export type World = Awaited<ReturnType<typeof openWorld>>

/**
 * Reads a run file once, as any program could. Processes started here are recorded in `processFolder`, so that
 * they end with the test run however it ends.
 */
export async function openWorld(
  runFile: string,
  processFolder: string,
  sink: (line: string, name: string) => void = () => {},
) {
  const system: RunFile = JSON.parse(readFileSync(runFile, 'utf8'))
  const pids = new Map(system.processes.map(({ name, pid }) => [name, pid]))
  const restarted = new Map<string, RunningProcess>()
  const kills: { name: string; at: number; downMs: number }[] = []
  let closing = false
  const url = (name: string) => {
    const found = system.processes.find((one) => one.name === name)
    if (!found) throw new RangeError(`${name} does not run`)
    return found.url
  }
  const token = await adminToken(system)
  const ask = <Data = Json>(service: string, procedure: string, input: unknown, timeoutMs?: number) =>
    call<Data>(url(service), procedure, input, token, timeoutMs)

  return {
    system,
    kills,
    url,
    ask,
    carrier: carrierAt(url('carrier-sim')),

    /** Asks again while nobody answers, as an operator would. A refusal is an answer. */
    async insist<Data = Json>(service: string, procedure: string, input: unknown, withinMs = 60_000) {
      const until = performance.now() + withinMs
      for (;;) {
        const answer: CallAnswer<Data> = await ask<Data>(service, procedure, input)
        if (answer.status > 0 && answer.status < 500) return answer
        if (performance.now() > until)
          throw new Error(`${procedure} has no answer: ${answer.status} ${answer.text}`)
        await sleep(150)
      }
    },

    /** The messages that people sent to a number, as the carrier's own API tells them, or null. */
    async inbound(
      to: string,
    ): Promise<{ sid: string; from: string; body: string; createdAt: number }[] | null> {
      const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: secret } = system.secrets
      const query = new URLSearchParams({ To: to, PageSize: '1000' })
      const answer = await http(
        'GET',
        `${url('carrier-sim')}/2010-04-01/Accounts/${sid}/Messages.json?${query}`,
        { headers: { authorization: `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}` } },
      )
      if (answer.status !== 200) return null
      const { messages } = JSON.parse(answer.text) as { messages: Record<string, string>[] }
      return messages
        .filter(({ direction }) => direction === 'inbound')
        .map(({ sid = '', from = '', body = '', date_created = '' }) => ({
          sid,
          from,
          body,
          createdAt: Date.parse(date_created),
        }))
    },

    /** `kill -9`, and the same command line, environment and folder again after `downMs`. */
    async killAndRestart(name: string, downMs: number): Promise<void> {
      const pid = pids.get(name)
      if (pid === undefined || identify(pid) === null || closing) return
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1)
      const [command = '', ...args] = read('cmdline')
      const cwd = readlinkSync(`/proc/${pid}/cwd`)
      const env = Object.fromEntries(
        read('environ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      )
      process.kill(pid, 'SIGKILL')
      kills.push({ name, at: Date.now(), downMs })
      while (identify(pid) !== null) await sleep(5)
      await sleep(downMs)
      if (closing) return
      const spec = {
        name: `story-${process.pid}-${name}`,
        command,
        args,
        cwd,
        env,
        url: null,
        stopWithinMs: 5_000,
        sink: (line: string) => sink(line, name),
      }
      const started = await startProcess(spec, processFolder)
      restarted.set(name, started)
      pids.set(name, started.pid)
    },

    /** Resolves when every service says that it is ready. */
    async ready(names: readonly string[], withinMs: number): Promise<void> {
      const until = performance.now() + withinMs
      for (const name of names) {
        for (;;) {
          const { status, text } = await http('GET', `${url(name)}/readyz`, { timeoutMs: 3_000 })
          if (status === 200) break
          if (performance.now() > until) throw new Error(`${name} is not ready: ${status} ${text}`)
          await sleep(50)
        }
      }
    },

    async [Symbol.asyncDispose]() {
      closing = true
      const isServer = (name: string) => /mongo|nats/.test(name)
      for (const turn of [false, true]) {
        const due = [...restarted].filter(([name]) => isServer(name) === turn)
        await Promise.all(due.map(([, started]) => started[Symbol.asyncDispose]()))
      }
    },
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
