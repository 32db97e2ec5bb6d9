import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import { DomainError, type ErrorReason, errorCatalogue } from './errors.ts'
import type { Caller, Role, TokenVerifier } from './tokens.ts'

export interface RpcContext {
  readonly token: string | null
  readonly verify: TokenVerifier
  /** Whether an error means that something this service needs is away: worth another call, and no bug. */
  readonly isOutage: (error: unknown) => boolean
}

export interface ProcedureMeta {
  readonly description: string
  readonly roles: readonly Role[]
  /** What a subscription yields. */
  readonly yields?: z.ZodType
}

const t = initTRPC
  .context<RpcContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter({ error, shape }) {
      const reason = reasonOf(error)
      const issues = reason === 'invalid-input' ? inputIssues(error.cause) : []
      const { message } = errorCatalogue[reason]
      return {
        ...shape,
        message: issues.length > 0 ? `${message} ${issues.join('; ')}` : message,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          // A path that is no procedure is what the caller wrote, which may be a number.
          path: reason === 'unknown-procedure' ? undefined : shape.data.path,
          reason,
          issues,
        },
      }
    },
  })

export const router = t.router
/** Calls procedures in process, for tests of the rules that hold before a use case. */
export const callerFactory = t.createCallerFactory

/** The one place where a thrown thing becomes a typed reason. */
export function reasonOf(error: TRPCError): ErrorReason {
  if (error.cause instanceof DomainError) return error.cause.reason
  switch (error.code) {
    case 'BAD_REQUEST':
      return error.cause instanceof z.ZodError ? 'invalid-input' : 'bad-request'
    case 'PARSE_ERROR':
    case 'METHOD_NOT_SUPPORTED':
    case 'UNSUPPORTED_MEDIA_TYPE':
      return 'bad-request'
    case 'NOT_FOUND':
      return 'unknown-procedure'
    default:
      return 'internal'
  }
}

const numberLike = /\+?\d{7,15}/g

/** Where and what is wrong, without what was given: an input may hold a phone number, as a key too. */
function inputIssues(cause: unknown): string[] {
  if (!(cause instanceof z.ZodError)) return []
  return cause.issues
    .slice(0, 5)
    .map(({ path, message }) =>
      `${path.map(String).join('.') || 'input'}: ${message}`.replace(numberLike, '[number]'),
    )
}

const mapDomainErrors = t.middleware(async ({ ctx, next }) => {
  const result = await next()
  if (result.ok) return result
  const cause = domainError(result.error.cause, ctx)
  if (!cause) return result
  throw new TRPCError({ code: errorCatalogue[cause.reason].code, cause })
})

function domainError(cause: unknown, { isOutage }: RpcContext): DomainError | null {
  if (cause instanceof DomainError) return cause
  return isOutage(cause) ? new DomainError('unavailable', { cause }) : null
}

const authenticate = t.middleware(async ({ ctx, meta, next }) => {
  const caller = ctx.token === null ? null : await ctx.verify(ctx.token)
  if (!caller) throw new DomainError('unauthenticated')
  if (!meta?.roles.includes(caller.role)) throw new DomainError('forbidden')
  return next({ ctx: { caller } })
})

const authenticated = t.procedure.use(mapDomainErrors).use(authenticate)

const ownAccount = (input: unknown): string[] => {
  const accountId = z.object({ accountId: z.string() }).safeParse(input).data?.accountId
  return accountId === undefined ? [] : [accountId]
}

/**
 * One procedure: who may call it, for which accounts, with what and to what answer. `accounts` names the
 * accounts that an input concerns, `accountId` by default; a call is refused unless its token may act for
 * all of them, and where none is named unless the procedure says so (`'none'`: it decides by `ctx.caller`).
 */
export function procedure<Input extends z.ZodType, Output extends z.ZodType>(rule: {
  description: string
  roles: readonly Role[]
  input: Input
  output: Output
  /** Tells the usual value at a glance, where a schema costs too much; what it takes, the schema must take unchanged. */
  plain?: { readonly input: (value: unknown) => boolean; readonly output: (value: unknown) => boolean }
  accounts?: 'none' | ((input: z.infer<Input>) => readonly string[])
}) {
  const named = rule.accounts ?? ownAccount
  return authenticated
    .meta({ description: rule.description, roles: rule.roles })
    .input(reader(rule.input, rule.plain?.input))
    .output(reader(rule.output, rule.plain?.output))
    .use(({ ctx, input, next }) => {
      if (named !== 'none') requireAccounts(ctx.caller, named(input as z.infer<Input>))
      return next()
    })
}

/**
 * A procedure that goes on telling: each item is of the schema `yields`, until it ends by itself or its caller goes, which
 * aborts the signal. Who may call it, and for which account, is as with any other.
 */
export function subscription<Input extends z.ZodType, Item extends z.ZodType>(
  rule: { description: string; roles: readonly Role[]; input: Input; yields: Item },
  run: (input: z.infer<Input>, signal: AbortSignal) => AsyncIterable<z.infer<Item>>,
) {
  const { description, roles, input, yields } = rule
  return authenticated
    .meta({ description, roles, yields })
    .input(input)
    .use(({ ctx, input: given, next }) => {
      requireAccounts(ctx.caller, ownAccount(given))
      return next()
    })
    .subscription(async function* (called) {
      const signal = called.signal ?? new AbortController().signal
      for await (const item of run(called.input as z.infer<Input>, signal))
        yield yields.parse(item) as z.infer<Item>
    })
}

/** The schema, told what is plainly right by a glance. tRPC parses by `parse`. */
function reader<Schema extends z.ZodType>(schema: Schema, isPlain?: (value: unknown) => boolean): Schema {
  if (isPlain === undefined) return schema
  const read = schema.clone() as Schema
  read.parse = (value, params) => (isPlain(value) ? (value as z.output<Schema>) : schema.parse(value, params))
  return read
}

function requireAccounts(caller: Caller, accounts: readonly string[]): void {
  if (accounts.length === 0 || !accounts.every((id) => caller.mayActFor(id)))
    throw new DomainError('forbidden')
}
