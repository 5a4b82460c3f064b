import { NotSentError, ReachError } from '@reachkit/core/spec'

export interface LazySdkParts<Sdk, Client> {
  /** Imports the package: 100 ms and more, so it is asked for at the first message. */
  load(): Promise<Sdk>
  /** What to do where the package is not there: `ses() needs a package: npm install ...`. */
  readonly missing: string
  /** The app's own client, which is left open. */
  readonly given: Client | undefined
  make(sdk: Sdk): Client
}

/** An SDK that the app installs, loaded when it is first needed, and the client of it that a driver sends by. */
export class LazySdk<Sdk, Client extends { destroy(): void }> {
  readonly #parts: LazySdkParts<Sdk, Client>
  #own: Client | undefined
  #sdk: Promise<Sdk> | undefined

  constructor(parts: LazySdkParts<Sdk, Client>) {
    this.#parts = parts
  }

  /** Throws NotSentError where there is no such package; it is looked for again the next time. */
  async loaded(): Promise<Sdk> {
    this.#sdk ??= this.#parts.load()
    try {
      return await this.#sdk
    } catch (cause) {
      this.#sdk = undefined
      const missing = new ReachError('REACH_CHANNEL_INVALID', this.#parts.missing, { cause })
      throw new NotSentError(missing.message, { cause: missing })
    }
  }

  client(sdk: Sdk): Client {
    const { given } = this.#parts
    if (given !== undefined) return given
    this.#own ??= this.#parts.make(sdk)
    return this.#own
  }

  /** Ends the client that was made here, and no other. */
  close(): void {
    this.#own?.destroy()
    this.#own = undefined
  }
}
