import type { State } from '@reachkit/core/spec'

export interface Blows {
  /** Names this process: members of a window and reservations of two processes are never the same. */
  readonly by: string
  readonly rounds: number
  /** Calls that are under way at once. */
  readonly atOnce: number
}

/** How much of each a process was let have. */
export interface Hits {
  readonly counted: number
  readonly entered: number
  readonly taken: number
  readonly granted: number
  readonly confirmed: number
}

/** What all processes together may have of each. */
export const most = { entered: 250, taken: 200, budget: 220 } as const

const dayMs = 86_400_000
/** Nothing flows into it while a test runs, and whoever is too late does not wait. */
const bucket = { key: 'bucket', tokens: 1, perMs: 365 * dayMs, burst: most.taken, cost: 1, maxWaitMs: 0 } as const

/** Each round counts, enters a frequency window, takes a token, reserves of a budget, and confirms or gives back. */
export async function hammer(state: State, { by, rounds, atOnce }: Blows): Promise<Hits> {
  const hits = { counted: 0, entered: 0, taken: 0, granted: 0, confirmed: 0 }
  async function round(number: number): Promise<void> {
    const member = `${by}-${number}`
    await state.count([
      { key: 'counter', by: 1, ttlMs: dayMs },
      { key: `own-${by}`, by: 2, ttlMs: dayMs },
    ])
    hits.counted += 1
    const [entry] = await state.enter([{ key: 'window', member, max: most.entered, windowMs: dayMs }])
    if (entry?.entered === true) hits.entered += 1
    const [token] = await state.take([bucket])
    if (token?.granted === true) hits.taken += 1
    const [granted] = await state.reserve(member, [{ budget: 'budget', member, amount: 1 }])
    if (granted !== true) return
    hits.granted += 1
    // Every third one is given back, so others may have it.
    if (number % 3 === 0) return state.release(member)
    await state.confirm(member, [member])
    hits.confirmed += 1
  }
  let next = 0
  const callers = Array.from({ length: atOnce }, async () => {
    for (let number = next++; number < rounds; number = next++) await round(number)
  })
  await Promise.all(callers)
  return hits
}
