import type { Scheduler } from './scheduler.ts'

export type CallResult = { readonly value: unknown } | { readonly cause: unknown }

/**
 * Makes one call and settles no later than `boundMs` after, also where the call ignores its signal. Never
 * rejects: a throw, the deadline and an abort from outside come back as `cause`.
 */
export function boundedCall(
  call: (signal: AbortSignal) => Promise<unknown>,
  bound: { readonly abort: AbortController; readonly boundMs: number; readonly scheduler: Scheduler },
): Promise<CallResult> {
  const { abort, boundMs, scheduler } = bound
  return new Promise((resolve) => {
    const cancel = scheduler.after(boundMs, () => abort.abort(new Error(`no answer within ${boundMs} ms`)))
    const settle = (result: CallResult) => {
      cancel()
      resolve(result)
    }
    const fail = (cause: unknown) => settle({ cause })
    abort.signal.addEventListener('abort', () => fail(abort.signal.reason), { once: true })
    Promise.try(call, abort.signal).then((value) => settle({ value }), fail)
  })
}
