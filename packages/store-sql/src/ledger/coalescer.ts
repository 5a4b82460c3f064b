/** What became of one item: each caller is told of its own alone. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown }

export interface CoalescerBounds<Item> {
  readonly weigh: (item: Item) => number
  /** Of one batch. A call that is heavier alone goes alone. */
  readonly mostWeight: number
  /** Batches under way at once. */
  readonly mostAtOnce: number
  /** Calls with such items do not wait behind others. */
  readonly isUrgent?: (item: Item) => boolean
}

interface Call<Item, Answer> {
  readonly items: readonly Item[]
  readonly resolve: (answers: readonly Answer[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets calls share a transaction: what comes in one turn of the event loop goes together, and so does what comes while
 * others are under way. A commit costs more than what is in it.
 */
export class Coalescer<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Outcome<Answer>[]>
  readonly #bounds: CoalescerBounds<Item>
  #waiting: Call<Item, Answer>[] = []
  #running = 0
  #scheduled = false

  constructor(run: (items: readonly Item[]) => Promise<readonly Outcome<Answer>[]>, bounds: CoalescerBounds<Item>) {
    this.#run = run
    this.#bounds = bounds
  }

  call(items: readonly Item[]): Promise<readonly Answer[]> {
    if (items.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const call = { items, resolve, reject }
      if (this.#bounds.isUrgent !== undefined && items.some(this.#bounds.isUrgent)) this.#waiting.unshift(call)
      else this.#waiting.push(call)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#running >= this.#bounds.mostAtOnce) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    const calls = this.#takeBatch()
    if (calls.length === 0) return
    this.#running += 1
    this.#schedule()
    try {
      const outcomes = await this.#run(calls.flatMap(({ items }) => items))
      let start = 0
      for (const call of calls) {
        answer(call, outcomes.slice(start, start + call.items.length))
        start += call.items.length
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
    this.#running -= 1
    this.#schedule()
  }

  /** Whole calls, as many as fit; one that is too heavy goes alone. */
  #takeBatch(): readonly Call<Item, Answer>[] {
    let weight = 0
    let count = 0
    for (const { items } of this.#waiting) {
      const own = items.reduce((sum, item) => sum + this.#bounds.weigh(item), 0)
      if (count > 0 && weight + own > this.#bounds.mostWeight) break
      weight += own
      count += 1
    }
    return this.#waiting.splice(0, count)
  }
}

function answer<Item, Answer>({ resolve, reject }: Call<Item, Answer>, outcomes: readonly Outcome<Answer>[]): void {
  const answers: Answer[] = []
  for (const outcome of outcomes) {
    if ('error' in outcome) return reject(outcome.error)
    answers.push(outcome.answer)
  }
  resolve(answers)
}
