/** Who is reached, as the app's directory tells it. Addresses are keyed by channel; each channel checks its own. */
export interface Recipient {
  readonly id: string
  readonly addresses: Readonly<Record<string, unknown>>
  readonly locale?: string | undefined
  /** An IANA time zone, `Asia/Shanghai`. */
  readonly zone?: string | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** What the person uses, as push channels and content variants read it: platform, app version, token. */
  readonly devices?: readonly Readonly<Record<string, unknown>>[] | undefined
}

export interface DirectoryContext {
  readonly signal: AbortSignal
  readonly tenant: string
}

/**
 * The app's own people, read in batches when a message is sent; Reachkit keeps no copy.
 * - `recipients` answers in any order; an id that is left out is unknown to the app.
 * - It may be called again for the same ids, and is given at most 500 at once.
 * - A throw is retried with backoff; the messages wait, and nothing is lost.
 *
 * It carries no `specVersion`, unlike drivers and stores: it is a function or an object of the app itself, compiled with
 * the release of core that calls it, so no copy of another release can be wired. What is added later is optional.
 */
export interface Directory {
  recipients(ids: readonly string[], context: DirectoryContext): Promise<readonly Recipient[]>
  /** The ids behind groups and roles, for `receivers`. */
  members?(groups: readonly string[], context: DirectoryContext): Promise<readonly string[]>
}
