import { execFile, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '@heed/local-stack'
import { waitFor } from '@heed/testkit'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { call } from '../chaos/outside/http.ts'
import { makeToken } from '../chaos/outside/token.ts'
import { startWholeSystem } from '../chaos/system/system.ts'

const read = (path: string) => readFileSync(join(repository, path), 'utf8')
const run = promisify(execFile)
const readme = read('README.md')

const blocks = (language: string) =>
  [...readme.matchAll(/```(\w+)\n(.*?)```/gs)]
    .filter(([, of]) => of === language)
    .map(([, , code = '']) => code)
const blockWith = (language: string, text: string) => {
  const found = blocks(language).find((code) => code.includes(text))
  if (!found) throw new Error(`README has no ${language} block with ${text}`)
  return found
}

describe('what the pages say is there', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...globSync('docs/**/*.md', { cwd: repository }),
  ]

  test('every relative link of every page leads to a file, and its anchor to a heading', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => {
          const [path = '', anchor] = target.split('#')
          const file = path === '' ? page : normalize(join(dirname(page), path))
          if (!existsSync(join(repository, file))) return true
          return anchor !== undefined && !anchorsOf(read(file)).includes(anchor)
        })
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('every npm script that a page names is one', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !(script in scripts))
        .map((script) => `${page}: npm run ${script}`),
    )
    expect(missing).toEqual([])
    expect(Object.keys(scripts)).toContain('test')
  })

  test('every workspace that a page starts has a start script', () => {
    const started = pages.flatMap((page) =>
      [...read(page).matchAll(/npm start -w (@heed\/[a-z-]+)/g)].map(([, name = '']) => name),
    )
    const packages = globSync('{apps,packages}/*/package.json', { cwd: repository }).map((path) =>
      JSON.parse(read(path)),
    )
    const able = packages.filter(({ scripts }) => scripts?.start !== undefined).map(({ name }) => name)
    expect(started.length).toBeGreaterThan(0)
    expect(started.filter((name) => !able.includes(name))).toEqual([])
  })

  test('the first example of the README is the file that it names', () => {
    expect(blockWith('ts', 'clearance.check.query')).toBe(read('examples/check.ts'))
  })

  test('the ports of the README are those that services take', () => {
    for (const [, name = '', port] of readme.matchAll(
      /(inbound-sms|compliance|campaign|sequence|carrier-sim)`? :(\d{4})/g,
    )) {
      const page = read('docs/api.md')
      if (page.includes(`## ${name} (`)) expect(page).toContain(`## ${name} (:${port})`)
    }
  })
})

function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe('what the pages run', async () => {
  const system = await startWholeSystem({
    servers: { mongodbUrl: inject('mongodbUrl'), natsUrl: inject('natsUrl') },
  })
  const folder = mkdtempSync(join(tmpdir(), 'heed-readme-'))
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await system[Symbol.asyncDispose]()
  })
  const url = system.url('compliance')
  const admin = makeToken(system.secrets.developerKey, { role: 'admin', accounts: ['*'] })
  // The account that `npm run demo -- --keep` leaves behind.
  await call(url, 'accounts.create', { accountId: 'acme', name: 'Acme' }, admin)
  const optOut = (number: string, source: string) =>
    call(
      url,
      'consent.optOut',
      { accountId: 'acme', numbers: [number], cause: 'manual', source, actor: 'Ann' },
      admin,
    )
  await optOut('+15552000000', 'readme-1')
  const base = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: process.env.HOME ?? folder }
  const tokenKey = { TOKEN_PRIVATE_KEY: system.run.secrets.TOKEN_PRIVATE_KEY }
  const tokenOf = async (role: string) => {
    const args = ['run', '-s', 'token', '--', '--role', role, '--accounts', 'acme', '--ttl', '60']
    const { stdout } = await run('npm', args, { cwd: repository, env: { ...base, ...tokenKey } })
    return stdout.trim().split('\n').at(-1) ?? ''
  }

  test('the curl block of the README asks, as it stands, and gets a verdict', async () => {
    const script = blockWith('sh', 'clearance.check').replace('http://127.0.0.1:4001', url)
    const { stdout } = await run('sh', ['-ec', script], { cwd: repository, env: { ...base, ...tokenKey } })
    const { result } = JSON.parse(stdout)
    expect(result.data).toMatchObject([
      { leaseMs: 500, verdicts: [{ allowed: false, reasons: [{ list: 'own', rev: 1 }] }] },
    ])
  })

  test('node examples/check.ts prints a verdict for each number', async () => {
    const env = { ...base, COMPLIANCE_URL: url, TOKEN: await tokenOf('sender') }
    const { stdout } = await run(process.execPath, ['examples/check.ts'], { cwd: repository, env })
    expect(JSON.parse(stdout)).toMatchObject([
      { verdicts: [{ allowed: false }, { allowed: true, reasons: [] }] },
    ])
  })

  test('node examples/subscribe.ts resumes from its last rev after kill -9 and ends with the fold (E11)', async () => {
    const file = join(folder, 'blocklist.json')
    const env = {
      ...base,
      COMPLIANCE_URL: url,
      NATS_URL: system.run.natsUrl,
      TOKEN: await tokenOf('operator'),
      BLOCKLIST_FILE: file,
    }
    const subscriber = () =>
      spawn(process.execPath, ['examples/subscribe.ts'], { cwd: repository, env, stdio: 'ignore' })
    const ended = (child: ReturnType<typeof subscriber>) =>
      new Promise((resolve) => child.once('exit', resolve))
    const copy = () =>
      existsSync(file)
        ? (JSON.parse(readFileSync(file, 'utf8') || '{}') as { rev?: number; blocked?: object })
        : {}

    const first = subscriber()
    await using cleaning = new AsyncDisposableStack()
    cleaning.defer(() => void first.kill('SIGKILL'))
    await waitFor(() => copy().rev === 1, { timeoutMs: 15_000 })
    await optOut('+15552000001', 'readme-2')
    await waitFor(() => copy().rev === 2, { timeoutMs: 15_000 })
    const gone = ended(first)
    first.kill('SIGKILL')
    await gone

    await optOut('+15552000002', 'readme-3')
    await optOut('+15552000003', 'readme-4')
    const basis = await call<{ blocks: { epoch: string; rev: number }[] }[]>(
      url,
      'consent.status',
      { accountId: 'acme', numbers: ['+15552000001'] },
      admin,
    )
    const { epoch, rev } = basis.data?.[0]?.blocks[0] ?? {}
    const lifted = {
      accountId: 'acme',
      number: '+15552000001',
      cause: 'manual',
      source: 'readme-5',
      actor: 'Ann',
      note: 'asked',
      basis: { epoch, rev },
    }
    expect((await call(url, 'consent.optIn', lifted, admin)).status).toBe(200)
    expect(copy().rev).toBe(2)

    const second = subscriber()
    cleaning.defer(() => void second.kill('SIGKILL'))
    await waitFor(() => copy().rev === 5, { timeoutMs: 15_000 })
    await optOut('+15552000004', 'readme-6')
    await waitFor(() => copy().rev === 6, { timeoutMs: 15_000 })
    const { data } = await call<{ rows: { number: string; list: string }[] }>(
      url,
      'consent.list',
      { accountId: 'acme' },
      admin,
    )
    const fold = (data?.rows ?? []).map(({ number, list }) => `${number} ${list}`).sort()
    expect(fold).toHaveLength(4)
    expect(Object.keys(copy().blocked ?? {}).sort()).toEqual(fold)
  })
})
