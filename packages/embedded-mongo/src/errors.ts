/** The server's own error codes, by name; the number is what a driver branches on. */
export const codes = {
  InternalError: 1,
  BadValue: 2,
  HostUnreachable: 6,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  CannotCreateIndex: 67,
  IndexAlreadyExists: 68,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  DottedFieldName: 57,
  CommandNotFound: 59,
  ImmutableField: 66,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  UnknownReplWriteConcern: 79,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CannotImplicitlyCreateCollection: 227,
  CommandNotSupported: 115,
  DocumentValidationFailure: 121,
  QueryPlanKilled: 175,
  InvalidViewDefinition: 182,
  CommandNotSupportedOnView: 166,
  InvalidPipelineOperator: 168,
  InvalidIndexSpecificationOption: 197,
  InvalidResumeToken: 260,
  ExceededMemoryLimit: 146,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  InvalidUUID: 207,
  TransactionTooOld: 225,
  ConversionFailure: 241,
  NoSuchTransaction: 251,
  OperationFailed: 96,
  OutOfDiskSpace: 14031,
  OperationNotSupportedInTransaction: 263,
  NoQueryExecutionPlans: 291,
  UnsupportedOpQueryCommand: 352,
  APIVersionError: 322,
  APIStrictError: 323,
  UnsatisfiableWriteConcern: 100,
  ViewDepthLimitExceeded: 165,
  CannotIndexParallelArrays: 171,
  SnapshotUnavailable: 246,
  CannotConvertIndexToUnique: 359,
  NotImplemented: 238,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  IDLUnknownField: 40415,
  IDLFailedToParse: 40414,
} as const

export type CodeName = keyof typeof codes

const names = new Map<number, string>(Object.entries(codes).map(([name, code]) => [code, name]))

/** The name a server gives a code; codes of single assertions have none but `Location<code>`. */
export function nameOfCode(code: number): string {
  return names.get(code) ?? `Location${code}`
}

/** What a command answers with instead of a result: a code of the server's catalogue and a text. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: number
  /** Further fields of the answer, for example `keyPattern` and `keyValue` of a duplicate key. */
  readonly details: ReadonlyMap<string, unknown>

  constructor(code: CodeName | number, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.code = typeof code === 'number' ? code : codes[code]
    this.details = new Map(Object.entries(details))
  }

  get codeName(): string {
    return nameOfCode(this.code)
  }
}

/** Throws: kept as a function so that it can stand in an expression. */
export function fail(code: CodeName | number, message: string): never {
  throw new ServerError(code, message)
}
