import { expect, test } from 'vitest'
import { composeStep, isHeard, renderStep } from './compose-step.ts'

const wording = { optOutInstruction: 'Text STOP to end', optOutKeywords: ['BASTA'] }

test("a step gets the account's wording, and the sequence's own in its place", () => {
  expect(renderStep('Hello.', null, wording).text).toBe('Hello. Text STOP to end')
  expect(renderStep('Hello.', 'Reply BASTA to stop', wording).text).toBe('Hello. Reply BASTA to stop')
})

test('a text that instructs already is left as it is', () => {
  expect(renderStep('Hi! Reply END to unsubscribe', null, wording)).toMatchObject({
    text: 'Hi! Reply END to unsubscribe',
    instructionAppended: false,
  })
})

test("a wording of its own whose keyword the account hears no more gives way to the account's", () => {
  const deaf = { ...wording, optOutKeywords: [] }
  expect(isHeard('Reply BASTA', wording)).toBe(true)
  expect(isHeard('Reply BASTA', deaf)).toBe(false)
  expect(renderStep('Hello.', 'Reply BASTA', deaf).text).toBe('Hello. Text STOP to end')
})

test('segments are counted with the instruction, in the encoding of the whole', () => {
  expect(renderStep('x'.repeat(150), null, wording)).toMatchObject({ segments: 2, encoding: 'GSM-7' })
  expect(renderStep('x'.repeat(140), null, wording)).toMatchObject({ segments: 1 })
  expect(renderStep(`ж${'x'.repeat(60)}`, null, wording)).toMatchObject({ segments: 2, encoding: 'UCS-2' })
})

test('a text that a carrier would refuse as too long is none; a wording that grew gives way', () => {
  const text = 'x'.repeat(1_570)
  expect(composeStep(text, 'Reply STOP to opt out', wording)?.text).toHaveLength(1_592)
  const long = { ...wording, optOutInstruction: `Reply STOP ${'please '.repeat(20)}` }
  expect(composeStep(text, long.optOutInstruction, wording)).toBeNull()
  expect(renderStep(text, null, long).text).toHaveLength(1_592)
})
