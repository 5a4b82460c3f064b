/** What became of one item: each caller is told of its own alone. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown }

export interface CoalescerBounds<Item> {
  readonly weigh: (item: Item) => number
  /** Of one batch. A call that is heavier alone goes alone. */
  readonly mostWeight: number
  /** Batches under way at once. */
  readonly mostAtOnce: number
  /** Batches that are under way at once have none in common: they would wait for each other. */
  readonly keys?: (item: Item) => readonly string[]
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
  readonly #busy = new Set<string>()

  constructor(run: (items: readonly Item[]) => Promise<readonly Outcome<Answer>[]>, bounds: CoalescerBounds<Item>) {
    this.#run = run
    this.#bounds = bounds
  }

  call(items: readonly Item[]): Promise<readonly Answer[]> {
    if (items.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject })
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
    const items = calls.flatMap((call) => call.items)
    const keys = items.flatMap((item) => this.#bounds.keys?.(item) ?? [])
    for (const key of keys) this.#busy.add(key)
    this.#schedule()
    try {
      const outcomes = await this.#run(items)
      let start = 0
      for (const call of calls) {
        answer(call, outcomes.slice(start, start + call.items.length))
        start += call.items.length
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
    for (const key of keys) this.#busy.delete(key)
    this.#running -= 1
    this.#schedule()
  }

  /** Whole calls, as many as fit; one that is too heavy goes alone, and one whose keys are busy waits. */
  #takeBatch(): readonly Call<Item, Answer>[] {
    let weight = 0
    const taken: Call<Item, Answer>[] = []
    const left: Call<Item, Answer>[] = []
    for (const call of this.#waiting) {
      const own = call.items.reduce((sum, item) => sum + this.#bounds.weigh(item), 0)
      const fits = taken.length === 0 || weight + own <= this.#bounds.mostWeight
      if (!fits || this.#isBusy(call)) {
        left.push(call)
        continue
      }
      weight += own
      taken.push(call)
    }
    this.#waiting = left
    return taken
  }

  #isBusy({ items }: Call<Item, Answer>): boolean {
    const { keys } = this.#bounds
    return (
      keys !== undefined && this.#busy.size > 0 && items.some((item) => keys(item).some((key) => this.#busy.has(key)))
    )
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
