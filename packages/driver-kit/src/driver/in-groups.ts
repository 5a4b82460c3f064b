import { type DeliveryOutcome, isNotSentError, retry, unknown } from '@reachkit/core/spec'
import { failureCode } from '../http/failure-code.js'

/** Sends each group by itself, all at once, and answers the outcomes in the order of the requests. */
export async function inGroups<Request>(
  requests: readonly Request[],
  groupOf: ((request: Request) => string) | undefined,
  send: (group: readonly Request[]) => Promise<readonly DeliveryOutcome[]>,
): Promise<readonly DeliveryOutcome[]> {
  const groups = grouped(requests, groupOf)
  if (groups.size <= 1) return send(requests)
  const outcomes: DeliveryOutcome[] = []
  await Promise.all(
    [...groups.values()].map(async (indexes) => {
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

/** The indexes of each group. */
function grouped<Request>(
  requests: readonly Request[],
  groupOf: (request: Request) => string = () => '',
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const [index, request] of requests.entries()) {
    const name = groupOf(request)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [index])
    else group.push(index)
  }
  return groups
}
