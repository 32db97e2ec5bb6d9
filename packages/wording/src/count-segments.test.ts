import { SegmentedMessage } from 'sms-segments-calculator'
import { expect, test } from 'vitest'
import { countSegments } from './count-segments.ts'

test.each<[string, string, 'GSM-7' | 'UCS-2', number]>([
  ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
  ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
  ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
  ['158 letters and a €, which counts twice', `${'a'.repeat(158)}€`, 'GSM-7', 1],
  ['159 letters and a €', `${'a'.repeat(159)}€`, 'GSM-7', 2],
  ['80 of the extension table', '^{}\\[~]|€^'.repeat(8), 'GSM-7', 1],
  ['a € that may not be cut in two', `${'a'.repeat(152)}€${'a'.repeat(153)}`, 'GSM-7', 3],
  ['line breaks', 'a\r\nb\n', 'GSM-7', 1],
  ['70 letters of UCS-2', 'ж'.repeat(70), 'UCS-2', 1],
  ['71 letters of UCS-2', 'ж'.repeat(71), 'UCS-2', 2],
  ['134 letters of UCS-2', 'ж'.repeat(134), 'UCS-2', 2],
  ['135 letters of UCS-2', 'ж'.repeat(135), 'UCS-2', 3],
  ['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
  ['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
  ['one emoji among 68 letters', `${'a'.repeat(68)}😀`, 'UCS-2', 1],
  ['one emoji among 69 letters', `${'a'.repeat(69)}😀`, 'UCS-2', 2],
])('%s', (_, text, encoding, segments) => {
  expect(countSegments(text)).toEqual({ encoding, segments })
})

test('a curly quote is counted as it is: the carrier is not expected to replace it', () => {
  expect(countSegments('it’s')).toEqual({ encoding: 'UCS-2', segments: 1 })
})

test('what is counted without the library is counted as the library does', () => {
  for (let code = 0; code <= 0x2fff; code++) {
    const character = String.fromCharCode(code)
    const { encodingName, segmentsCount } = new SegmentedMessage(character)
    expect(countSegments(character), `U+${code.toString(16)}`).toEqual({
      encoding: encodingName,
      segments: segmentsCount,
    })
  }
  for (const length of [0, 1, 159, 160, 161, 305, 306, 307, 459, 460]) {
    const text = 'Aé\r\n@'.repeat(100).slice(0, length)
    expect(countSegments(text).segments, `${length}`).toBe(new SegmentedMessage(text).segmentsCount)
  }
})
