import { expect, test } from 'vitest'
import { instructsOptOut } from './opt-out-instruction.ts'

test.each([
  'Reply STOP to opt out',
  'Reply STOP to opt-out.',
  'Sale! reply stop to opt out',
  'Sale today. Txt STOP 2 end',
  'Txt STOP2END',
  'text STOP to unsubscribe',
  'Text STOP to 12345',
  'STOP to end',
  'Sale today, STOP to end',
  'Sale today. stop to end',
  'Msg&data rates may apply STOP to cancel',
  'Reply HELP for help, STOP to cancel',
  'Reply HELP for help or STOP to end',
  'Reply YES or STOP',
  'Reply STOP.',
  'Reply "stop" if you want no more of these',
  'Reply with the word STOP',
  'Reply to this message with STOP',
  'Text us back with "STOP" anytime',
  'Opt out at any time by replying STOP',
  'Reply STOP/HELP',
  'HELP=info, STOP=end',
  'Reply: STOP',
  'REPLY STOP TO END',
  'SALE TODAY. STOP TO END',
  'Reply END to stop receiving texts',
  'Reply UNSUBSCRIBE to unsubscribe',
  'Reply STOP ALL to be removed',
  'Send OPT OUT to leave our list',
  'Text quit to quit',
  'Reply CANCEL to cancel your subscription',
  'Reply STOP to opt out HELP for help',
  'Reply STOP to end Msg&data rates may apply',
  'Not interested? Reply STOP',
  'You can reply STOP at any time',
  '𝐑𝐞𝐩𝐥𝐲 𝐒𝐓𝐎𝐏 to opt out',
  'Re\u200bply ST\u200bOP to opt out',
  'New in:\nboots\nReply STOP to opt out',
])('instructs: %j', (text) => {
  expect(instructsOptOut(text)).toBe(true)
})

test.each([
  '',
  'Sale today',
  'Stop by our store',
  'STOP by our store',
  "Don't stop believing",
  'Text us and stop by our store',
  'Reply now! Stop by the shop',
  'Please reply, stop by the store',
  'Text stop motion fans everywhere',
  'Send end of season photos',
  'Send us the end date',
  'Text us or cancel anytime online',
  'Cancel anytime',
  'Cancel to avoid fees',
  'Stop to end hunger!',
  'Come stop to cancel your order in person',
  'Reply YES to confirm or CANCEL to cancel your appointment',
  'Reply CANCEL to cancel your reservation',
  "Don't reply STOP to opt out, call us",
  'Do not text STOP',
  'Non-stop savings! The sale will end soon',
  'Reply YES to confirm',
  'Reply HELP for help',
  'Reply STOPWATCH to win one',
  'Reply BYE to leave',
  'Quit waiting, reply today',
  'Our quiz will end in two days. Text START to play',
])('does not instruct: %j', (text) => {
  expect(instructsOptOut(text)).toBe(false)
})

test("a keyword of the account's own counts as one, and only there", () => {
  expect(instructsOptOut('Reply BYE to leave', { optOut: ['Bye'] })).toBe(true)
  expect(instructsOptOut('Reply NO MORE to end', { optOut: ['NO-MORE'] })).toBe(true)
  expect(instructsOptOut('Reply NO to end')).toBe(false)
})

test('a hostile text of ten thousand characters is read in less than a tenth of a second', () => {
  for (const text of [
    'reply with us '.repeat(715),
    'STOP to '.repeat(1250),
    'STOP'.repeat(2500),
    '"'.repeat(10_000),
  ]) {
    // The least of five: what else the machine does only adds.
    const took = Array.from({ length: 5 }, () => {
      const start = performance.now()
      instructsOptOut(text)
      return performance.now() - start
    })
    expect(Math.min(...took)).toBeLessThan(100)
  }
})
