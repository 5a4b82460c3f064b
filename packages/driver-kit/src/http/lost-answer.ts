/** The request was on its way, and no answer came that can be read: it may have gone out. */
export class LostAnswerError extends Error {
  override readonly name = 'LostAnswerError'
  /** Short and without personal data: `ECONNRESET`, `aborted`, `too long`. */
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** The request can never be sent as it is: a header that cannot be written, or a private address. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError'
  readonly reason: string
  /** A key or token is at fault, and so the account: the same message may be sent once that is repaired. */
  readonly isOfAccount: boolean

  constructor(reason: string, isOfAccount: boolean = false) {
    super(reason)
    this.reason = reason
    this.isOfAccount = isOfAccount
  }
}
