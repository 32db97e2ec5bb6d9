interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  format?: string
  pattern?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  additionalProperties?: boolean | Schema
}

/** A JSON schema as a reader of TypeScript would write it, bounds in a comment. */
export function typeText(schema: Schema, indent = ''): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((option) => typeText(option, indent)).join(' | ')
  if (schema.type === 'array') return arrayText(schema, indent)
  if (schema.type === 'object') return objectText(schema, indent)
  if (schema.format === 'e164') return 'E164'
  if (schema.format === 'date-time') return 'Time'
  if (schema.type === 'integer') return 'integer'
  return [schema.type ?? 'unknown'].flat().join(' | ')
}

function arrayText({ items, minItems, maxItems }: Schema, indent: string): string {
  const bounds = maxItems === undefined ? '' : ` /* ${minItems ?? 0} to ${maxItems} */`
  const inner = typeText(items ?? {}, indent)
  return `${inner.includes(' | ') ? `(${inner})` : inner}[]${bounds}`
}

function objectText({ properties = {}, required = [] }: Schema, indent: string): string {
  const deeper = `${indent}  `
  const fields = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? '' : '?'
    return `${deeper}${name}${mark}: ${typeText(field, deeper)}`
  })
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n${indent}}`
}
