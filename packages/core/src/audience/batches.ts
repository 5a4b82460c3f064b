/** Ids that a book takes at once. */
const batchSize = 500

/** Asks by batches, one after the other, and joins the answers in order. */
export async function byBatches<Answer>(
  ids: readonly string[],
  ask: (batch: readonly string[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  if (ids.length <= batchSize) return ids.length === 0 ? [] : ask(ids)
  const answers: Answer[] = []
  for (let start = 0; start < ids.length; start += batchSize) {
    answers.push(...(await ask(ids.slice(start, start + batchSize))))
  }
  return answers
}
