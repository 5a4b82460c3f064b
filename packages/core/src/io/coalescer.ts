import { begun } from './rejected.js'

/** Calls that go out together, and the promise of their answers. */
class Batch<Request, Answer> {
  readonly requests: Request[] = []
  /** Nothing else goes out with it. */
  isFull = false
  readonly answers: Promise<readonly Answer[]>
  resolve: (answers: readonly Answer[]) => void = () => {}
  reject: (error: unknown) => void = () => {}

  constructor() {
    this.answers = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}

export interface CoalescerOptions {
  /** Calls of one batch. */
  readonly most: number
  /** Batches under way at once. */
  readonly width: number
  /** While others are under way, a batch waits until it has so many calls: few large batches cost less than many small ones. 1 unless told. */
  readonly enough?: number
}

/**
 * Gathers the calls of one event-loop turn into one batch. While a batch is under way the next one gathers; an empty
 * pipeline flushes at once, at the end of the current turn of promises.
 */
export class Coalescer<Request, Answer> {
  readonly #send: (requests: readonly Request[]) => Promise<readonly Answer[]>
  readonly #most: number
  readonly #width: number
  readonly #enough: number
  readonly #waiting: Batch<Request, Answer>[] = []
  readonly #idlers: (() => void)[] = []
  #scheduled = false
  #flying = 0

  constructor(
    send: (requests: readonly Request[]) => Promise<readonly Answer[]>,
    { most, width, enough = 1 }: CoalescerOptions,
  ) {
    this.#send = send
    this.#most = most
    this.#width = width
    this.#enough = enough
  }

  call(request: Request): Promise<Answer> {
    const batch = this.#batch(1)
    const index = batch.requests.push(request) - 1
    if (!this.#scheduled && this.#mayGo) this.#schedule()
    return batch.answers.then((answers) => answerOf(answers, index))
  }

  /**
   * Calls that go out in one batch, however many they are: all of them or none. One promise serves them all. `alone`: in
   * a batch of their own, so that they are refused without others.
   */
  callAll(requests: readonly Request[], alone = false): Promise<readonly Answer[]> {
    const batch = this.#batch(alone ? Infinity : requests.length)
    batch.isFull = alone
    const start = batch.requests.length
    for (const request of requests) batch.requests.push(request)
    if (!this.#scheduled && this.#mayGo) this.#schedule()
    return batch.answers.then((answers) => answersOf(answers, start, requests.length))
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#flying === 0 && this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idlers.push(resolve))
  }

  /** True where the oldest batch that waits need not gather any longer. */
  get #mayGo(): boolean {
    const [oldest] = this.#waiting
    if (oldest === undefined || this.#flying >= this.#width) return false
    return this.#flying === 0 || oldest.isFull || oldest.requests.length >= this.#enough || this.#waiting.length > 1
  }

  #batch(room: number): Batch<Request, Answer> {
    const last = this.#waiting.at(-1)
    if (last !== undefined && !last.isFull && last.requests.length + room <= this.#most) return last
    const next = new Batch<Request, Answer>()
    this.#waiting.push(next)
    return next
  }

  #schedule(): void {
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    const batch = this.#waiting.shift()
    if (batch === undefined) return
    this.#flying += 1
    void begun(() => this.#send(batch.requests))
      .then(batch.resolve, batch.reject)
      .then(this.#landed)
    if (this.#mayGo) this.#schedule()
  }

  readonly #landed = (): void => {
    this.#flying -= 1
    if (!this.#scheduled && this.#mayGo) this.#schedule()
    if (this.#flying === 0 && this.#waiting.length === 0) for (const idle of this.#idlers.splice(0)) idle()
  }
}

function answerOf<Answer>(answers: readonly Answer[], index: number): Answer {
  const answer = answers[index]
  if (answer === undefined)
    throw new TypeError(`call ${index + 1} of a batch got no answer: there are ${answers.length}`)
  return answer
}

function answersOf<Answer>(answers: readonly Answer[], start: number, count: number): readonly Answer[] {
  if (answers.length < start + count)
    throw new TypeError(`${count} calls of a batch got too few answers: there are ${answers.length}`)
  return answers.length === count ? answers : answers.slice(start, start + count)
}
