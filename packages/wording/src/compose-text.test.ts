import { expect, test } from 'vitest'
import { composeText, defaultOptOutInstruction } from './compose-text.ts'

test('the instruction follows a sentence after a space', () => {
  expect(composeText({ text: 'Sale today!' })).toEqual({
    text: 'Sale today! Reply STOP to opt out',
    instructionAppended: true,
    encoding: 'GSM-7',
    segments: 1,
  })
})

test.each([
  ['See heed.example/sale', 'See heed.example/sale\nReply STOP to opt out'],
  ['Sale today', 'Sale today\nReply STOP to opt out'],
  ['Sale:\nboots.', 'Sale:\nboots.\nReply STOP to opt out'],
  ['Sale today. \n', 'Sale today. Reply STOP to opt out'],
  ['They said “sale!”', 'They said “sale!” Reply STOP to opt out'],
  ['Sale 🎉', 'Sale 🎉\nReply STOP to opt out'],
  ['', 'Reply STOP to opt out'],
])('the instruction never runs into the text: %j', (text, expected) => {
  expect(composeText({ text }).text).toBe(expected)
})

test('a text that instructs already stays as it is', () => {
  for (const text of ['Sale! Reply STOP to opt out', 'Sale. Txt STOP 2 end ', 'Sale\nSTOP to end']) {
    expect(composeText({ text })).toMatchObject({ text, instructionAppended: false })
  }
})

test('a text that only contains a keyword gets the instruction', () => {
  for (const text of ['Stop by our store.', "Don't stop believing.", 'Cancel anytime.']) {
    expect(composeText({ text })).toMatchObject({
      text: `${text} ${defaultOptOutInstruction}`,
      instructionAppended: true,
    })
  }
})

test("the account's wording is appended in place of the default, and once", () => {
  const account = { instruction: 'Antworte BYE zum Abmelden', keywords: { optOut: ['BYE'] } }
  const first = composeText({ text: 'Nur heute!', ...account })
  expect(first).toMatchObject({ text: 'Nur heute! Antworte BYE zum Abmelden', instructionAppended: true })
  expect(composeText({ text: first.text, ...account })).toMatchObject({
    text: first.text,
    instructionAppended: false,
  })
})

test('the segments are those of the whole text', () => {
  const instructed = defaultOptOutInstruction.length + 1
  expect(composeText({ text: `${'a'.repeat(159 - instructed)}.` }).segments).toBe(1)
  expect(composeText({ text: `${'a'.repeat(160 - instructed)}.` }).segments).toBe(2)
  expect(composeText({ text: 'Сегодня скидки!' })).toMatchObject({ encoding: 'UCS-2', segments: 1 })
})
