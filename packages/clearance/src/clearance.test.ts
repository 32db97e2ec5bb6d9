import { expect, test } from 'vitest'
import { a, b, clear, one, testGate, text, two } from '../tests/support.ts'
import { type Clearance, ClearanceMisuseError, redeem } from './clearance.ts'

function passed() {
  const { gate } = testGate()
  clear(gate)
  return gate
}

test('a plain object is no Clearance, for the compiler and at run time', () => {
  // @ts-expect-error: only the gate makes a Clearance.
  const forged: Clearance = { ...text(), epoch: '00000000000000e1', rev: 1, gatedAt: 0 }
  expect(() => redeem(forged, text())).toThrow(ClearanceMisuseError)
})

test('a copy with another number is no Clearance, for the compiler and at run time', () => {
  passed().pass(text(), (clearance) => {
    // @ts-expect-error: a spread copy loses what only the gate gives.
    const copy: Clearance = { ...clearance, number: two }
    expect(() => redeem(copy, text(a, two))).toThrow(ClearanceMisuseError)
  })
})

test('a clearance serves its own account and number only', () => {
  passed().pass(text(), (clearance) => {
    expect(() => redeem(clearance, { accountId: a, number: two })).toThrow(ClearanceMisuseError)
    expect(() => redeem(clearance, { accountId: b, number: one })).toThrow(ClearanceMisuseError)
    expect(() => redeem(clearance, { accountId: a, number: one })).not.toThrow()
  })
})

test('a clearance serves once', () => {
  passed().pass(text(), (clearance) => {
    redeem(clearance, text())
    expect(() => redeem(clearance, text())).toThrow(ClearanceMisuseError)
  })
})

test('a clearance kept beyond its write serves nothing', () => {
  const result = passed().pass(text(), () => {})
  if (result.outcome !== 'passed') throw new Error('not passed')
  expect(() => redeem(result.clearance, text())).toThrow(ClearanceMisuseError)
})

test('a clearance whose write threw serves nothing', () => {
  let kept: Clearance | undefined
  const write = (clearance: Clearance): void => {
    kept = clearance
    throw new Error('no connection')
  }
  expect(() => passed().pass(text(), write)).toThrow('no connection')
  expect(() => redeem(kept as Clearance, text())).toThrow(ClearanceMisuseError)
})

test('an await between gate and first byte does not compile, and is refused at run time before the byte', async () => {
  const gate = passed()
  let writing: Promise<void> | undefined
  let wrote = false
  const late = (clearance: Clearance) => {
    writing = Promise.resolve().then(() => {
      redeem(clearance, text())
      wrote = true
    })
    return writing
  }
  // @ts-expect-error: write must be synchronous.
  expect(() => gate.pass(text(), late)).toThrow(ClearanceMisuseError)
  // @ts-expect-error: neither may it sometimes be asynchronous.
  gate.pass(text(), (): number | Promise<number> => 1)
  await expect(writing).rejects.toThrow(ClearanceMisuseError)
  expect(wrote).toBe(false)
})
