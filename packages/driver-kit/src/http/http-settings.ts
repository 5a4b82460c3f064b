/** How a driver speaks HTTP. */
export interface HttpSettings {
  /** Most connections at a time to one origin. */
  readonly connections: number
  /** Sends by this instead of by connections of our own. */
  readonly fetch?: typeof fetch
  /** Most bytes of an answer; what is longer is cut off, and its outcome is unknown. 256 KB unless told. */
  readonly maxAnswerBytes?: number
  /** Milliseconds until a connection, TLS included, must stand; 10,000 unless told. */
  readonly connectTimeoutMs?: number
  /**
   * Refuses addresses of this machine and of private networks, for urls that strangers give: a host that is an address
   * is checked when it is called, a name by what it resolves to when the connection is made, so that a name that
   * changes its address in between gains nothing. Such a driver does not use the `fetch` of `createReach`, which
   * cannot be checked; a `fetch` in these settings takes over the duty for names.
   */
  readonly refusePrivate?: boolean
  /** The certificates to trust in place of those of Node, PEM. For a vendor with an authority of its own. */
  readonly ca?: string
}

export const defaultMaxAnswerBytes: number = 256 * 1_024
export const defaultConnectTimeoutMs = 10_000
