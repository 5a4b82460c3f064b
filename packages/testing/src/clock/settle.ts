const leastTurns = 2
const mostTurns = 1_000

/**
 * Lets everything that can run without time passing run: promises, `process.nextTick`, and chains of `setImmediate`.
 * Goes on for as long as other immediates wait, and gives up after 1,000 turns of the event loop.
 */
export async function settle(): Promise<void> {
  for (let turn = 1; turn <= mostTurns; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
    if (turn >= leastTurns && !process.getActiveResourcesInfo().includes('Immediate')) return
  }
}
