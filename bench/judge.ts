import type { Row } from './figure.ts'

const isRate = ({ unit }: Row) => unit.endsWith('/s')

/** How many times worse than its limit the figure is; null where it has none. */
export function ratioOf(row: Row): number | null {
  if (!row.limit) return null
  return isRate(row) ? row.limit.value / row.value : row.value / row.limit.value
}

/** Null where the figure has no target. A figure that is not a number meets none. */
export function isMet(row: Row): boolean | null {
  const { target, value } = row
  if (!target) return null
  if ('atMost' in target) return value <= target.atMost
  if ('atLeast' in target) return value >= target.atLeast
  return (ratioOf(row) ?? Number.NaN) <= target.times
}

export function targetText({ target, unit }: Row): string {
  if (!target) return ''
  if ('atMost' in target) return `<= ${amount(target.atMost)} ${unit}`
  if ('atLeast' in target) return `>= ${amount(target.atLeast)} ${unit}`
  return `<= ${target.times}x`
}

export function amount(value: number): string {
  if (Number.isNaN(value)) return 'not known'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}
