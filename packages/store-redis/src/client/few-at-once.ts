/** So many calls of one piece of bulk work are under way at a time: what is urgent goes over the same connection. */
const mostAtOnce = 8

/** Calls for each, some at a time, and answers in their order. After an error no further call is begun. */
export async function fewAtOnce<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const left = items.entries()
  let failed = false
  const work = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failed) return
      answers[index] = await call(item).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, work))
  return answers
}
