/** A promise that is rejected with what was thrown, whatever it is. */
export async function rejected(error: unknown): Promise<never> {
  throw error
}

/** Begins work that answers a promise; what it throws before it has one is a rejection too. */
export function begun<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work()
  } catch (error) {
    return rejected(error)
  }
}
