import { afterAll } from 'vitest'
import { waitFor } from './wait-for.ts'

const watched = new Set([
  'TCPSocketWrap',
  'TCPServerWrap',
  'TCPConnectWrap',
  'TLSWrap',
  'ProcessWrap',
  'FSEvent',
])

/**
 * Called at the top of a test file: the file fails where, 3 s after its last test, a connection, a listening
 * port or a child process is still open that was not open at its start (D2).
 */
export function checkNothingOpen(): void {
  const before = openNow().length
  afterAll(async () => {
    await closeFetchConnections()
    await waitFor(() => openNow().length <= before, { timeoutMs: 3_000 }).catch(() => {
      throw new Error(`left open: ${openNow().join(', ')}`)
    })
  })
}

function openNow(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => watched.has(kind))
}

/** Node's own fetch keeps idle connections for later; they are no leak of the code under test. */
async function closeFetchConnections(): Promise<void> {
  const dispatcher = (globalThis as Record<symbol, { close?: () => Promise<void> } | undefined>)[
    Symbol.for('undici.globalDispatcher.1')
  ]
  await dispatcher?.close?.()
}
