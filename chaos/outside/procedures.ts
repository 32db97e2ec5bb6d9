import { campaignRouter } from '@heed/campaign/router'
import { complianceRouter } from '@heed/compliance/router'
import { contactsRouter } from '@heed/contacts/router'
import { crmRouter } from '@heed/crm/router'
import { messagesRouter } from '@heed/messages/router'
import { sequenceRouter } from '@heed/sequence/router'
import { z } from 'zod'

/** A procedure as its router describes it: which roles may call it, and with what. */
export interface Described {
  readonly service: 'compliance' | 'campaign' | 'sequence' | 'contacts' | 'messages' | 'crm'
  readonly path: string
  readonly roles: readonly string[]
  readonly schema: Schema
}

export interface Schema {
  type?: string
  enum?: readonly unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minItems?: number
  minimum?: number
  exclusiveMinimum?: number
  properties?: Record<string, Schema>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
}

interface Procedure {
  _def: { inputs: z.ZodType[]; meta: { roles: readonly string[] } }
}

/** Routers are described by their schemas alone, so whatever they ask of their use cases is never called. */
const nothing: never = new Proxy(() => nothing, { get: () => nothing }) as never

/** Every procedure of every router. */
export function describedProcedures(): Described[] {
  const routers = {
    compliance: complianceRouter(nothing),
    campaign: campaignRouter(nothing),
    sequence: sequenceRouter(nothing),
    contacts: contactsRouter(nothing),
    messages: messagesRouter(nothing),
    crm: crmRouter(nothing),
  }
  return Object.entries(routers).flatMap(([service, router]) =>
    Object.entries(router._def.procedures as unknown as Record<string, Procedure>).map(
      ([path, { _def }]) => ({
        service: service as Described['service'],
        path,
        roles: _def.meta.roles,
        schema: z.toJSONSchema(_def.inputs[0] ?? z.strictObject({}), {
          io: 'input',
          unrepresentable: 'any',
          reused: 'inline',
        }) as Schema,
      }),
    ),
  )
}

/** What a caller means by a field; a schema alone does not say which account. */
export type Values = Readonly<Record<string, unknown>>

/** An input that fits the schema: its required fields, and those that `values` names. */
export function sampleOf(schema: Schema, values: Values, name = ''): unknown {
  if (name in values && schema.type !== 'array' && schema.type !== 'object') return values[name]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], values, name)
  if (schema.type === 'array') {
    const length = Math.max(schema.minItems ?? 0, 1)
    return Array.from({ length }, () => sampleOf(schema.items ?? {}, values, singular(name)))
  }
  if (schema.type === 'object') {
    const { properties = {}, required = [] } = schema
    const named = Object.entries(properties).filter(([key]) => required.includes(key) || key in values)
    return Object.fromEntries(named.map(([key, field]) => [key, sampleOf(field, values, key)]))
  }
  if (schema.format === 'e164') return values.number
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z'
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (schema.type === 'boolean') return true
  return 'sample'
}

const singular = (name: string) => (name === 'numbers' ? 'number' : name.replace(/s$/, ''))

type Path = readonly (string | number)[]

/** Where in a sample a phone number stands. */
export function numberPaths(sample: unknown, number: string, path: Path = []): Path[] {
  if (sample === number) return [path]
  if (typeof sample !== 'object' || sample === null) return []
  return Object.entries(sample).flatMap(([key, value]) =>
    numberPaths(value, number, [...path, Array.isArray(sample) ? Number(key) : key]),
  )
}

/** Where in a sample an account stands. */
export function accountPaths(sample: unknown, path: Path = []): Path[] {
  if (typeof sample !== 'object' || sample === null) return []
  return Object.entries(sample).flatMap(([key, value]) => {
    const at = [...path, Array.isArray(sample) ? Number(key) : key]
    return key === 'accountId' ? [at] : accountPaths(value, at)
  })
}

/** A copy of a sample with another value at a path. */
export function replaced(sample: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value
  const copy = structuredClone(sample) as Record<string | number, unknown>
  copy[first] = replaced(copy[first], rest, value)
  return copy
}
