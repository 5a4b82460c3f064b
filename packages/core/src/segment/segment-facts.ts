import { ReachError } from '../spec/index.js'
import type { Book, History } from '../spec/index.js'

/** What a segment asks for that is not in a profile. Answers are in the order of the ids, one each. */
export interface SegmentFacts {
  /** The instant that lengths of time count back from, in milliseconds since the epoch. */
  readonly now: number
  /** How many events of this name, at `since` or later. */
  readonly events: (name: string, ids: readonly string[], since: number) => Promise<readonly number[]>
  /** How many messages of a type, or of any where it is undefined, at `since` or later. */
  readonly received: (type: string | undefined, ids: readonly string[], since: number) => Promise<readonly number[]>
}

/** What a book and a history take at once. */
const idsAtOnce = 500

/**
 * The facts of one tenant, as its book and history tell them.
 * @throws ReachError `REACH_QUERY_UNSUPPORTED` in `received`, where the history cannot tell.
 */
export function segmentFacts(
  tenant: string,
  now: number,
  book: Pick<Book, 'events'>,
  history: Pick<History, 'received'>,
): SegmentFacts {
  return {
    now,
    events: (name, ids, since) => inParts(ids, async (part) => book.events(tenant, name, part, since)),
    received: (type, ids, since) =>
      inParts(ids, async (part) => {
        const filter = { tenant, since, ...(type !== undefined && { type }) }
        return history.received === undefined ? cannotTell() : history.received(filter, part)
      }),
  }
}

function cannotTell(): never {
  const text = 'the history of this store cannot tell who received a message, so no segment can ask for that'
  throw new ReachError('REACH_QUERY_UNSUPPORTED', text)
}

async function inParts(
  ids: readonly string[],
  ask: (part: readonly string[]) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  if (ids.length <= idsAtOnce) return ask(ids)
  const counts: number[] = []
  for (let start = 0; start < ids.length; start += idsAtOnce)
    counts.push(...(await ask(ids.slice(start, start + idsAtOnce))))
  return counts
}
