interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers the calls of one event-loop turn into one batch. While a batch is under way the next one gathers; an empty
 * pipeline flushes at once, at the end of the current turn of promises.
 */
export class Coalescer<Request, Answer> {
  readonly #send: (requests: readonly Request[]) => Promise<readonly Answer[]>
  #requests: Request[] = []
  #waiters: Waiter<Answer>[] = []
  #scheduled = false
  #flying = 0
  readonly #idlers: (() => void)[] = []

  constructor(
    send: (requests: readonly Request[]) => Promise<readonly Answer[]>,
    readonly most: number,
    /** Batches under way at once. */
    readonly width: number,
  ) {
    this.#send = send
  }

  call(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#requests.push(request)
      this.#waiters.push({ resolve, reject })
      if (!this.#scheduled && this.#flying < this.width) this.#schedule()
    })
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#flying === 0 && this.#requests.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idlers.push(resolve))
  }

  #schedule(): void {
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#requests.length === 0) return
    const { requests, waiters } = this.#next()
    this.#flying += 1
    this.#send(requests).then(
      (answers) => this.#answer(waiters, answers),
      (error: unknown) => this.#fail(waiters, error),
    )
    if (this.#requests.length > 0 && this.#flying < this.width) this.#schedule()
  }

  /** What goes out next: mostly all there is, which costs no copy. */
  #next(): { readonly requests: readonly Request[]; readonly waiters: readonly Waiter<Answer>[] } {
    const requests = this.#requests
    const waiters = this.#waiters
    this.#requests = requests.length > this.most ? requests.splice(this.most) : []
    this.#waiters = waiters.length > this.most ? waiters.splice(this.most) : []
    return { requests, waiters }
  }

  #answer(waiters: readonly Waiter<Answer>[], answers: readonly Answer[]): void {
    for (let index = 0; index < waiters.length; index += 1) {
      const answer = answers[index]
      if (answer === undefined) waiters[index]?.reject(new TypeError(`${waiters.length} calls, ${answers.length} answers`))
      else waiters[index]?.resolve(answer)
    }
    this.#landed()
  }

  #fail(waiters: readonly Waiter<Answer>[], error: unknown): void {
    for (const waiter of waiters) waiter.reject(error)
    this.#landed()
  }

  #landed(): void {
    this.#flying -= 1
    if (!this.#scheduled && this.#requests.length > 0) this.#schedule()
    if (this.#flying === 0 && this.#requests.length === 0) for (const idle of this.#idlers.splice(0)) idle()
  }
}
