import { type DeliveryOutcome, isNotSentError, retry, unknown } from '@reachkit/core/spec'
import { failureCode } from '../http/failure-code.js'

/** What fits into one call. */
export interface Grouping<Request> {
  /** Requests of one group fit into one call; all of them do where this is left out. */
  readonly groupOf: ((request: Request) => string) | undefined
  /** Requests of which this says the same are never in one call. */
  readonly apartBy: ((request: Request) => string) | undefined
}

/** Sends each group by itself, all at once, and answers the outcomes in the order of the requests. */
export async function inGroups<Request>(
  requests: readonly Request[],
  grouping: Grouping<Request>,
  send: (group: readonly Request[]) => Promise<readonly DeliveryOutcome[]>,
): Promise<readonly DeliveryOutcome[]> {
  const calls = grouped(requests, grouping)
  if (calls.length <= 1) return send(requests)
  const outcomes: DeliveryOutcome[] = []
  await Promise.all(
    calls.map(async (indexes) => {
      const group = indexes.flatMap((index) => requests.slice(index, index + 1))
      // A throw would be the fate of them all, and others have been sent by then.
      const answers = await send(group).catch((error: unknown) => group.map(() => outcomeOf(error)))
      for (const [at, index] of indexes.entries()) outcomes[index] = answers[at] ?? unknown('no outcome')
    }),
  )
  return outcomes
}

function outcomeOf(error: unknown): DeliveryOutcome {
  return isNotSentError(error) ? retry(error.afterMs, 'not-sent') : unknown(`driver failed with ${failureCode(error)}`)
}

/** The indexes of each call. */
function grouped<Request>(
  requests: readonly Request[],
  { groupOf = () => '', apartBy }: Grouping<Request>,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[][]>()
  const met = new Map<string, number>()
  for (const [index, request] of requests.entries()) {
    const name = groupOf(request)
    const calls = groups.get(name) ?? []
    groups.set(name, calls)
    // The second of a kind is in the second call, and so on.
    const call = apartBy === undefined ? 0 : countUp(met, JSON.stringify([name, apartBy(request)]))
    const indexes = calls[call]
    if (indexes === undefined) calls[call] = [index]
    else indexes.push(index)
  }
  return [...groups.values()].flat()
}

/** How often the name was met before. */
function countUp(met: Map<string, number>, name: string): number {
  const before = met.get(name) ?? 0
  met.set(name, before + 1)
  return before
}
