import type { TRPC_ERROR_CODE_KEY } from '@trpc/server'

/** Every reason a call can be refused or fail for: the tRPC code it travels as, and what the caller may be told. */
export const errorCatalogue = {
  unauthenticated: { code: 'UNAUTHORIZED', message: 'A valid bearer token is needed.' },
  forbidden: { code: 'FORBIDDEN', message: 'The token does not allow this.' },
  'invalid-input': { code: 'BAD_REQUEST', message: 'The input does not fit the schema.' },
  'bad-request': { code: 'BAD_REQUEST', message: 'The request cannot be read.' },
  'unknown-procedure': { code: 'NOT_FOUND', message: 'There is no such procedure.' },
  'unknown-account': { code: 'NOT_FOUND', message: 'There is no such account.' },
  'unknown-business-number': { code: 'NOT_FOUND', message: 'No account owns this business number.' },
  'unknown-review': { code: 'NOT_FOUND', message: 'There is no such review.' },
  'unknown-broadcast': { code: 'NOT_FOUND', message: 'There is no such broadcast.' },
  'unknown-sequence': { code: 'NOT_FOUND', message: 'There is no such sequence.' },
  'unknown-message': { code: 'NOT_FOUND', message: 'There is no such message.' },
  'unknown-link': { code: 'NOT_FOUND', message: 'There is no such link.' },
  'portal-taken': { code: 'CONFLICT', message: 'Another account is linked with this portal.' },
  'crm-refused': { code: 'BAD_REQUEST', message: 'The CRM did not take what was given.' },
  'unknown-contact': { code: 'NOT_FOUND', message: 'There is no such contact.' },
  'unknown-list': { code: 'NOT_FOUND', message: 'There is no such list.' },
  'wrong-list-kind': { code: 'CONFLICT', message: 'A dynamic list has a filter, a static one has members.' },
  'list-cycle': { code: 'BAD_REQUEST', message: 'The lists include each other.' },
  'filter-too-large': {
    code: 'BAD_REQUEST',
    message: 'With the lists that it names the filter is too large.',
  },
  'too-many-numbers': { code: 'BAD_REQUEST', message: 'A contact has at most 20 numbers.' },
  'not-their-number': { code: 'BAD_REQUEST', message: 'The contact has no such number.' },
  'account-exists': { code: 'CONFLICT', message: 'An account with this id exists.' },
  'number-taken': { code: 'CONFLICT', message: 'Another account owns this business number.' },
  'request-mismatch': { code: 'CONFLICT', message: 'The request id stands for another text.' },
  'version-conflict': { code: 'CONFLICT', message: 'It was changed meanwhile: read it again.' },
  'wrong-state': { code: 'CONFLICT', message: 'Its state does not allow this.' },
  'wording-names-no-keyword': {
    code: 'BAD_REQUEST',
    message: 'An opt-out instruction must name a keyword that the account hears.',
  },
  'not-own-number': { code: 'BAD_REQUEST', message: 'The sending number does not belong to the account.' },
  'in-the-past': { code: 'BAD_REQUEST', message: 'The time has passed already.' },
  'no-recipients': { code: 'CONFLICT', message: 'It has no recipients.' },
  'text-too-long': { code: 'BAD_REQUEST', message: 'With its opt-out instruction the text is too long.' },
  'basis-needed': {
    code: 'BAD_REQUEST',
    message: 'A manual opt-in names the epoch and rev seen, and says why.',
  },
  'texted-opt-out': { code: 'FORBIDDEN', message: 'The person texted this opt-out: only they can lift it.' },
  'limit-reached': { code: 'TOO_MANY_REQUESTS', message: 'A limit is reached: try again later.' },
  unavailable: { code: 'SERVICE_UNAVAILABLE', message: 'Not known right now: try again.' },
  internal: { code: 'INTERNAL_SERVER_ERROR', message: 'Something failed here.' },
} as const satisfies Record<string, { code: TRPC_ERROR_CODE_KEY; message: string }>

export type ErrorReason = keyof typeof errorCatalogue

/** Thrown by a use case; its message is for the log alone, the caller gets the catalogue's. */
export class DomainError extends Error {
  override name = 'DomainError'
  readonly reason: ErrorReason

  constructor(reason: ErrorReason, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail ?? reason, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
  }
}
