import { everyAccount } from '@heed/events'
import type { PhoneNumber } from '@heed/phone'
import { heardForMs, heardMax, hintHoldMs, hintsMax } from './protocol.ts'

/** An opt-out that inbound-sms holds and compliance has not committed. `account` `_` means every account. */
export interface Hint {
  readonly account: string
  readonly number: PhoneNumber
  readonly source: string
}

/** The hints in force. All instants are monotonic ms. */
export interface HintBook {
  /**
   * Holds the number until 60 s after `now`, unless an event has named the source just before; false where there was no
   * room and everything is held instead.
   */
  hold(hint: Hint, now: number): boolean
  /** An event has named the source: its hint, for this account or for every account, is over. */
  release(hint: Hint, now: number): void
  holds(account: string, number: PhoneNumber, now: number): boolean
  sweep(now: number): void
  size(): number
}

export function hintBook(): HintBook {
  // By account, then number, then source: two opt-outs of one person are two hints, and each ends by itself.
  const accounts = new Map<string, Map<PhoneNumber, Map<string, number>>>()
  // What events have named, the oldest first.
  const heard = new Map<string, { readonly account: string; readonly until: number }>()
  let size = 0
  let everythingUntil: number | null = null

  const forget = (account: string, number: PhoneNumber, source: string) => {
    const numbers = accounts.get(account)
    const sources = numbers?.get(number)
    if (!sources?.delete(source)) return
    size -= 1
    if (sources.size === 0) numbers?.delete(number)
    if (numbers?.size === 0) accounts.delete(account)
  }

  const held = (account: string, number: PhoneNumber, now: number) => {
    const sources = accounts.get(account)?.get(number)
    if (sources === undefined) return false
    for (const until of sources.values()) if (!(now >= until)) return true
    return false
  }

  return {
    hold({ account, number, source }, now) {
      const named = heard.get(`${number}/${source}`)
      if (named && now < named.until && (account === everyAccount || account === named.account)) return true
      const known = accounts.get(account)?.get(number)?.has(source) === true
      if (!known && size >= hintsMax) {
        everythingUntil = now + hintHoldMs
        return false
      }
      const numbers = getOrAdd(accounts, account, () => new Map<PhoneNumber, Map<string, number>>())
      getOrAdd(numbers, number, () => new Map<string, number>()).set(source, now + hintHoldMs)
      if (!known) size += 1
      return true
    },
    release({ account, number, source }, now) {
      heard.delete(`${number}/${source}`)
      heard.set(`${number}/${source}`, { account, until: now + heardForMs })
      if (heard.size > heardMax) heard.delete(heard.keys().next().value ?? '')
      if (size === 0) return
      forget(account, number, source)
      forget(everyAccount, number, source)
    },
    holds(account, number, now) {
      if (everythingUntil !== null && !(now >= everythingUntil)) return true
      return size > 0 && (held(account, number, now) || held(everyAccount, number, now))
    },
    sweep(now) {
      if (everythingUntil !== null && now >= everythingUntil) everythingUntil = null
      for (const [key, { until }] of heard) {
        if (now < until) break
        heard.delete(key)
      }
      for (const [account, numbers] of accounts)
        for (const [number, sources] of numbers)
          for (const [source, until] of sources) if (now >= until) forget(account, number, source)
    },
    size: () => size,
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
