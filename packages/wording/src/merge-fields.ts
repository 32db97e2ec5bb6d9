/** What is wrong with a template, for its author. */
export interface TemplateFault {
  /** From 1. */
  readonly line: number
  readonly message: string
}

type Part = string | { readonly field: string; readonly fallback: string }

const merge = /\{\{([^{}]*)\}\}/g
const fieldName = /^[\p{L}\p{N}_ .-]{1,64}$/u

/**
 * A merge field is `{{field|fallback}}`: the fallback is what people get of whom the field is not known, and may be
 * empty. Null where every one is whole.
 */
export function templateFault(template: string): TemplateFault | null {
  for (const [index, line] of template.split('\n').entries()) {
    const message = faultOf(line)
    if (message !== null) return { line: index + 1, message: `line ${index + 1}: ${message}` }
  }
  return null
}

function faultOf(line: string): string | null {
  for (const [whole, inner = ''] of line.matchAll(merge)) {
    if (!inner.includes('|')) return `${whole} needs a fallback, as in {{name|there}}`
    if (!fieldName.test(nameIn(inner))) return `${whole} names no field`
  }
  const rest = line.replace(merge, '')
  return rest.includes('{{') || rest.includes('}}') ? 'a merge field is not closed, or not begun' : null
}

const nameIn = (inner: string) => inner.slice(0, inner.indexOf('|')).trim()

/** The fields that a whole template names, in lower case, each once. */
export function fieldsOf(template: string): string[] {
  const names = partsOf(template).flatMap((part) => (typeof part === 'string' ? [] : [part.field]))
  return [...new Set(names)]
}

/**
 * The text for one person. A value stands on one line, and what it holds is no template: it is put in as it is.
 * `values` are by the field's name in lower case.
 */
export function renderText(template: string, values: Readonly<Record<string, string>>): string {
  return partsOf(template)
    .map((part) => (typeof part === 'string' ? part : valueIn(values, part.field) || part.fallback))
    .join('')
}

function valueIn(values: Readonly<Record<string, string>>, field: string): string {
  const value = Object.hasOwn(values, field) ? values[field] : undefined
  return (value ?? '').replace(/\s+/gu, ' ').trim()
}

function partsOf(template: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const found of template.matchAll(merge)) {
    const [whole, inner = ''] = found
    parts.push(template.slice(end, found.index))
    parts.push({ field: nameIn(inner).toLowerCase(), fallback: inner.slice(inner.indexOf('|') + 1).trim() })
    end = found.index + whole.length
  }
  return [...parts, template.slice(end)]
}
