import type { Doc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { fail } from '../errors.ts'
import type { Collator } from './compare.ts'

const sensitivities = { 1: 'base', 2: 'accent', 3: 'variant' } as const
const known = new Set([
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
])

function strengthOf(collation: Doc): 1 | 2 | 3 {
  const value = collation.get('strength')
  if (value === undefined) return 3
  if (!isNumeric(value)) return fail('TypeMismatch', "Field 'strength' must be a number")
  const strength = toDouble(value)
  if (strength === 4 || strength === 5) return 3
  return strength === 1 || strength === 2 || strength === 3
    ? strength
    : fail('FailedToParse', `Enumeration value '${strength}' for field 'strength' is not a valid value.`)
}

function collatorFor(locale: string, options: Intl.CollatorOptions): Intl.Collator {
  try {
    if (Intl.Collator.supportedLocalesOf([locale]).length) return new Intl.Collator(locale, options)
  } catch {
    // Falls through to the server's answer for a locale that is none.
  }
  return fail('BadValue', `Field 'locale' is invalid in: { locale: "${locale}" }`)
}

/** How text compares under a collation document; null for the simple one, which is by bytes. */
export function parseCollation(collation: Doc | undefined): Collator {
  if (!collation || collation.size === 0) return null
  const unknown = collation.keys().find((key) => !known.has(key))
  if (unknown) fail('IDLUnknownField', `BSON field 'collation.${unknown}' is an unknown field.`)
  const locale = collation.get('locale')
  if (typeof locale !== 'string')
    return fail('IDLFailedToParse', `BSON field 'collation.locale' is missing but a required field`)
  if (locale === 'simple') return null
  const strength = strengthOf(collation)
  const caseLevel = collation.get('caseLevel') === true
  const first = collation.get('caseFirst')
  const collator = collatorFor(locale.replaceAll('_', '-'), {
    sensitivity: caseLevel && strength === 1 ? 'case' : sensitivities[strength],
    numeric: collation.get('numericOrdering') === true,
    ignorePunctuation: collation.get('alternate') === 'shifted',
    ...(first === 'upper' || first === 'lower' ? { caseFirst: first } : {}),
  })
  return (a, b) => collator.compare(a, b)
}
