import { describe, expect, test } from 'vitest'
import { fieldsOf, renderText, templateFault } from './merge-fields.ts'

const template = 'Hi {{Name|there}}, your {{ shop | }} order.'

describe('a template', () => {
  test('is filled with what is known of a person, and with fallbacks where nothing is', () => {
    expect(renderText(template, { name: 'Ann', shop: 'Oslo' })).toBe('Hi Ann, your Oslo order.')
    expect(renderText(template, { name: ' ' })).toBe('Hi there, your  order.')
    expect(fieldsOf(template)).toEqual(['name', 'shop'])
  })

  test('takes a value as it is: what it holds is no template, and stands on one line', () => {
    expect(renderText('Hi {{name|there}}', { name: '{{shop|x}}\n$& {' })).toBe('Hi {{shop|x}} $& {')
  })

  test('finds no value in what every object inherits', () => {
    expect(renderText('{{constructor|none}}', {})).toBe('none')
  })

  test.each([
    ['Hi {{name}}', 1, 'needs a fallback'],
    ['Hi\n{{name|x', 2, 'not closed'],
    ['Hi\n\nname|x}}', 3, 'not begun'],
    ['{{|x}}', 1, 'names no field'],
    ['{{a{b|x}}', 1, 'not closed'],
  ])('%j is refused with its line', (text, line, message) => {
    const fault = templateFault(text)
    expect(fault?.line).toBe(line)
    expect(fault?.message).toContain(message)
  })

  test('a text without merge fields is a template, with braces of its own', () => {
    expect(templateFault('a {b} c')).toBe(null)
    expect(renderText('a {b} c', {})).toBe('a {b} c')
  })
})
