import { systemClock } from '../clock/system-clock.js'
import { OptionReader, describeKind } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { Book, Profile } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { ProfileParser } from './parse-profile.js'
import type { RecipientsUpserted } from './types.js'

const mostAtOnce = 5_000

export interface UpsertPlan {
  readonly source: Iterable<unknown> | AsyncIterable<unknown>
  readonly tenant: string | undefined
  readonly batch: number
  readonly progress: (written: RecipientsUpserted) => void
  readonly signal: AbortSignal | undefined
}

/** @throws ReachError `REACH_RECIPIENT_INVALID` for a source that is none, `REACH_OPTION_INVALID` for an option. */
export function parseUpsert(source: unknown, options: unknown): UpsertPlan {
  if (!isSource(source)) {
    const text = `upsert() takes a list of recipients, or what gives them one after another, and was given ${describeKind(source)}.`
    throw new ReachError('REACH_RECIPIENT_INVALID', text)
  }
  const reader = new OptionReader('REACH_OPTION_INVALID', 'upsert()', options, [
    'tenant',
    'batch',
    'progress',
    'signal',
  ])
  const batch = reader.whole('batch', 1) ?? 1_000
  if (batch > mostAtOnce) reader.refuse('batch', `at most ${mostAtOnce}`)
  const signal = reader.raw('signal')
  if (signal !== undefined && !(signal instanceof AbortSignal)) return reader.refuse('signal', 'an AbortSignal')
  const progress = reader.func('progress')
  return { source, tenant: reader.text('tenant'), batch, progress: (written) => progress?.(written), signal }
}

/** Writes all that a source gives. The next batch is read while one is written; a failure of either ends both. */
export async function upsertAll(book: Book, tenant: string, plan: UpsertPlan): Promise<RecipientsUpserted> {
  const { progress, signal } = plan
  let recipients = 0
  const write = async (batch: readonly Profile[]): Promise<void> => {
    await book.upsert(tenant, batch)
    recipients += batch.length
    progress({ recipients })
  }
  let writing = Promise.resolve()
  try {
    for await (const batch of batchesOf(plan)) {
      await writing
      signal?.throwIfAborted()
      writing = write(batch)
      // It is awaited with the next batch; a source that takes its time must not leave it unhandled.
      writing.catch(() => {})
    }
  } finally {
    await writing
  }
  return { recipients }
}

/** Checked copies, in lists of so many. Gives way by time: a list in memory never does. */
async function* batchesOf({ source, batch: size }: UpsertPlan): AsyncGenerator<readonly Profile[], void, undefined> {
  const parser = new ProfileParser()
  const yielder = createYielder(systemClock)
  let batch: Profile[] = []
  let index = 0
  for await (const item of source) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    batch.push(parser.parse(item, index))
    index += 1
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function isSource(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
}
