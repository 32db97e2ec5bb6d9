import { Binary, Decimal128, Int32, ObjectId, Timestamp } from 'bson'
import { expect, test } from 'vitest'
import { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { compareValues } from '../query/compare.ts'
import { after, encodeKey } from './key-encoding.ts'

let seed = 7
const random = (below: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
  return (seed >>> 8) % below
}
const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T

const edges = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.30000000000000004,
  1e308,
  -1e308,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
]
const longs = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 53n - 1n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 53n) - 1n]
const decimals = [
  '0',
  '0.1',
  '1',
  '1.0',
  '-1',
  '9007199254740993',
  '9007199254740992.5',
  '1E400',
  '-1E400',
  '1E-400',
  '0.3',
  'NaN',
  'Infinity',
  '-Infinity',
  '1E6000',
  '9223372036854775807',
]
const texts = ['', 'a', 'ab', 'a\0', 'a\0b', 'b', 'é', '\uffff', '😀', '\u0001']

function value(depth: number): Value {
  const makers: (() => Value)[] = [
    () => pick(edges),
    () => pick(longs),
    () => new Int32(random(5) - 2),
    () => Decimal128.fromString(pick(decimals)),
    () => pick(texts),
    () => pick([true, false, null]),
    () => new Date(random(5) - 2),
    () => new Timestamp({ t: random(3), i: random(3) }),
    () => new ObjectId(Buffer.alloc(12, random(3))),
    () => new Binary(Buffer.alloc(random(3), random(3)), pick([0, 4, 128])),
  ]
  if (depth > 0) {
    makers.push(() => Array.from({ length: random(3) }, () => value(depth - 1)))
    makers.push(() =>
      Doc.of(
        Object.fromEntries(
          Array.from({ length: random(3) }, () => [pick(['a', 'b', 'ab']), value(depth - 1)]),
        ),
      ),
    )
  }
  return pick(makers)()
}

test('keys order as their values do, upwards and downwards, alone and behind others', () => {
  for (let i = 0; i < 20_000; i++) {
    const [a, b, c, d] = [value(2), value(2), value(1), value(1)]
    const order = Math.sign(compareValues(a, b))
    const context = JSON.stringify([a, b, c, d], (_, inner) =>
      typeof inner === 'bigint' ? `${inner}n` : inner,
    )
    expect(Math.sign(Buffer.compare(encodeKey([a]), encodeKey([b]))), context).toBe(order)
    expect(Math.sign(Buffer.compare(encodeKey([a], [true]), encodeKey([b], [true]))) + order, context).toBe(0)
    const both = order || -Math.sign(compareValues(c, d))
    expect(
      Math.sign(Buffer.compare(encodeKey([a, c], [false, true]), encodeKey([b, d], [false, true]))) - both,
      context,
    ).toBeCloseTo(0)
  }
})

test('what begins with a key lies between it and what comes after it', () => {
  for (let i = 0; i < 2000; i++) {
    const [a, b] = [value(1), value(1)]
    for (const descending of [
      [false, false],
      [true, false],
      [false, true],
    ]) {
      const [prefix, whole] = [encodeKey([a], descending), encodeKey([a, b], descending)]
      expect(Buffer.compare(prefix, whole)).toBe(-1)
      expect(Buffer.compare(whole, after(prefix))).toBe(-1)
    }
  }
})
