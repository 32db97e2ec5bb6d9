import { readFileSync } from 'node:fs'
import { classify } from '@heed/keywords'
import type { Labelled } from '@heed/keywords/score'
import type { Figure } from '../figure.ts'

const files = ['first', 'second', 'third', 'fourth'].map(
  (name) => new URL(`../../packages/keywords/corpus/${name}.json`, import.meta.url),
)
const rounds = 12
const repeats = 60

/** Labelled messages read one after another; most of them are opt-outs in free text, which take longest. */
export const keywordsFigure: Figure = {
  name: 'messages read for consent',
  bound: 'one core: the words of a message, each looked up, and the rules of the languages that it may be in',
  async measure() {
    const texts = files.flatMap((file) =>
      (JSON.parse(readFileSync(file, 'utf8')) as Labelled[]).map(({ text }) => text),
    )
    const everyday = texts.filter((text) => classify(text).intent === 'none')
    return {
      rows: [
        {
          what: 'messages that ask for nothing',
          value: rateOf(everyday),
          unit: '/s',
          target: { atLeast: 200_000 },
        },
        {
          what: 'messages that mostly ask for an end of texts',
          value: rateOf(texts),
          unit: '/s',
          target: { atLeast: 200_000 },
        },
      ],
    }
  },
}

/** By the CPU time of this process, so that other work on the machine counts for little. */
function rateOf(texts: readonly string[]): number {
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let repeat = 0; repeat < repeats; repeat++) for (const text of texts) classify(text)
    const { user, system } = process.cpuUsage(before)
    rates.push((texts.length * repeats * 1e6) / (user + system))
  }
  return rates.toSorted((a, b) => b - a)[Math.floor(rounds / 4)] ?? Number.NaN
}
