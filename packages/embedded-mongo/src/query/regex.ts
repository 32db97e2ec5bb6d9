import { BSONRegExp } from 'bson'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'

export function isRegex(value: Value | undefined): value is BSONRegExp {
  return value instanceof BSONRegExp
}

/** Whitespace and comments outside of classes mean nothing under the option `x`. */
function withoutSpaces(pattern: string): string {
  return pattern.replace(/(\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\])|\s+|#[^\n]*/g, (_, kept) => kept ?? '')
}

const knownOptions = /^[imsxu]*$/

/** A server's (PCRE) pattern as JavaScript's; what only PCRE knows is refused, not approximated. */
export function compilePattern(pattern: string, options: string): RegExp {
  if (!knownOptions.test(options)) {
    const bad = [...options].find((option) => !'imsxu'.includes(option))
    fail(51108, `invalid flag in regex options: ${bad}`)
  }
  if (pattern.includes('\0')) fail('BadValue', 'Regular expression cannot contain an embedded null byte')
  let source = options.includes('x') ? withoutSpaces(pattern) : pattern
  let flags = options.replace(/[xu]/g, '')
  const inline = /^\(\?([imsx]+)\)/.exec(source)
  if (inline) {
    source = source.slice(inline[0].length)
    if (inline[1]?.includes('x')) source = withoutSpaces(source)
    flags += (inline[1] as string).replace('x', '')
  }
  source = source
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, '[ \\t]')
  flags = [...new Set(flags)].join('')
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    // PCRE lets more stand unescaped than the `u` flag does.
  }
  try {
    return new RegExp(source, flags)
  } catch (error) {
    return fail(51091, `Regular expression is invalid: ${(error as Error).message}`)
  }
}

export function compileRegex(value: BSONRegExp): RegExp {
  return compilePattern(value.pattern, value.options)
}
