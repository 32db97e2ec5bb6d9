/** A CRM did not do as asked. `refused`: asking again will not help, and `status` says why not. */
export class CrmError extends Error {
  override name = 'CrmError'
  readonly refused: boolean
  readonly status: number | null
  /** What the CRM asks us to wait, in ms. */
  readonly afterMs: number

  constructor(
    what: string,
    options: { refused?: boolean; status?: number; afterMs?: number; cause?: unknown } = {},
  ) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause })
    this.refused = options.refused ?? false
    this.status = options.status ?? null
    this.afterMs = options.afterMs ?? 0
  }
}
