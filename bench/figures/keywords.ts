import { readFileSync } from 'node:fs'
import { classify } from '@heed/keywords'
import type { Labelled } from '@heed/keywords/score'
import type { Figure } from '../figure.ts'

const files = ['first', 'second', 'third', 'fourth', 'fifth'].map(
  (name) => new URL(`../../packages/keywords/corpus/${name}.json`, import.meta.url),
)
const rounds = 12
const messagesPerRound = 60_000

/** What most people answer. */
const everyday = [
  ...['Thanks!', 'ok', 'On my way', 'What time do you open?', 'Happy birthday to your mom', 'See you at 5'],
  ...[
    'Where are you located',
    'Great, sounds good to me',
    'Can I get the large one in blue',
    'lol',
    'Yes 3pm works',
  ],
  ...[
    'I will be there soon',
    'Perfect thank you so much',
    'My address is 12 Main St',
    'Call me when you are here',
  ],
  ...[
    'Let me check with my husband',
    'Gracias, nos vemos mañana',
    'Danke, bis später',
    'STOP',
    'Stop texting me',
  ],
]

/** Messages read one after another: everyday ones, and labelled ones, which are hard and take longest. */
export const keywordsFigure: Figure = {
  name: 'messages read for consent',
  bound: 'one core: the words of a message, each looked up, and the rules of the languages that it may be in',
  async measure() {
    const texts = files.flatMap((file) =>
      (JSON.parse(readFileSync(file, 'utf8')) as Labelled[]).map(({ text }) => text),
    )
    return {
      rows: [
        { what: 'everyday messages', value: rateOf(everyday), unit: '/s', target: { atLeast: 200_000 } },
        { what: 'labelled messages, most of them opt-outs or traps', value: rateOf(texts), unit: '/s' },
      ],
    }
  },
}

/** By the CPU time of this process, so that other work on the machine counts for little. */
function rateOf(texts: readonly string[]): number {
  const rates: number[] = []
  const repeats = Math.ceil(messagesPerRound / texts.length)
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let repeat = 0; repeat < repeats; repeat++) for (const text of texts) classify(text)
    const { user, system } = process.cpuUsage(before)
    rates.push((texts.length * repeats * 1e6) / (user + system))
  }
  return rates.toSorted((a, b) => b - a)[Math.floor(rounds / 4)] ?? Number.NaN
}
