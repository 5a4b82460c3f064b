import type { DeliveryContext } from '@reachkit/core/spec'

/** The right to renew a token, which one process has at a time. */
export class TokenLease {
  readonly #context: DeliveryContext
  readonly #key: string
  /** By the monotonic clock. */
  readonly #until: number

  private constructor(context: DeliveryContext, key: string, until: number) {
    this.#context = context
    this.#key = key
    this.#until = until
  }

  /** Undefined where another process has it. */
  static async take(context: DeliveryContext, key: string, ms: number): Promise<TokenLease | undefined> {
    const { state, clock } = context
    const until = clock.monotonic() + ms
    const [answer] = await state.remember([{ key, value: 'renewing', ttlMs: ms }])
    return answer?.first === true ? new TokenLease(context, key, until) : undefined
  }

  leftMs(): number {
    return this.#until - this.#context.clock.monotonic()
  }

  async giveBack(): Promise<void> {
    // One that ran out may be another's by now.
    if (this.leftMs() > 0) await this.#context.state.forget([this.#key])
  }
}
