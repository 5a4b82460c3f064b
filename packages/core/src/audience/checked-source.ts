import { errorName } from '../io/error-name.js'
import { describeKind, isFields, shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { AudienceItem, AudiencePage, AudiencePageRequest, AudienceReject, AudienceSource } from '../spec/index.js'
import { byBatches } from './batches.js'
import { LoopWatch } from './loop-watch.js'
import { parseItem } from './parse-item.js'
import type { Has } from './membership.js'
import type { Zones } from './zones.js'

/** Characters of a cursor. */
export const longestCursor = 4_000

/**
 * A source of somebody else's, held to what sources promise. What it throws, and what is no answer, ends in
 * `REACH_AUDIENCE_FAILED` that names the audience, with the cause.
 */
export class CheckedSource implements AudienceSource {
  readonly #name: string
  readonly #source: AudienceSource
  readonly #signal: AbortSignal
  readonly #loop = new LoopWatch()
  readonly count?: () => Promise<number>
  readonly has?: Has
  readonly zones?: () => Promise<Zones>

  constructor(name: string, source: AudienceSource, signal: AbortSignal) {
    this.#name = name
    this.#source = source
    this.#signal = signal
    if (source.count !== undefined) this.count = () => this.#count()
    if (source.has !== undefined) this.has = (ids) => byBatches(ids, (batch) => this.#has(batch))
    if (source.zones !== undefined) this.zones = () => this.#zones()
  }

  async page(request: AudiencePageRequest): Promise<AudiencePage> {
    const answer: unknown = await this.#ask('page', () => this.#source.page(request))
    if (!isFields(answer)) throw this.#refuse(`page() answered ${describeKind(answer)}, and no page`)
    const [items, rejects] = [this.#items(answer['items']), this.#rejects(answer['rejects'])]
    if (items.length + rejects.length > request.limit) {
      throw this.#refuse(`page() answered more than the ${request.limit} that it was asked for`)
    }
    const next = this.#next(answer['next'], request.cursor)
    if (this.#loop.isLoop(request.cursor, next, items.length + rejects.length)) {
      throw this.#refuse('page() answers the same cursors again and again, and nobody with them')
    }
    return { items, ...(rejects.length > 0 && { rejects }), next }
  }

  async close(): Promise<void> {
    await this.#ask('close', async () => this.#source.close?.())
  }

  #items(items: unknown): readonly AudienceItem[] {
    if (!Array.isArray(items)) throw this.#refuse(`page().items is ${describeKind(items)}, and no array`)
    try {
      return items.map((item, index) => parseItem(plainItem(item), `page().items[${index}]`))
    } catch (cause) {
      throw this.#refuse('page() answered an item that is no recipient, see the cause', cause)
    }
  }

  #rejects(rejects: unknown): readonly AudienceReject[] {
    if (rejects === undefined) return []
    if (Array.isArray(rejects) && rejects.every(isReject)) return rejects
    throw this.#refuse('page().rejects must be a list of { line, reason }')
  }

  #next(next: unknown, cursor: string): string | undefined {
    if (next === undefined) return undefined
    if (typeof next !== 'string' || next === '' || next.length > longestCursor) {
      throw this.#refuse(`page().next must be a text of 1 to ${longestCursor} characters, or undefined at the end`)
    }
    if (next === cursor) throw this.#refuse('page() answered the cursor that it was given: it makes no progress')
    return next
  }

  async #count(): Promise<number> {
    const count: unknown = await this.#ask('count', async () => this.#source.count?.())
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count
    throw this.#refuse(`count() answered ${describeKind(count)}, and no whole number`)
  }

  async #has(ids: readonly string[]): Promise<readonly boolean[]> {
    const answers: unknown = await this.#ask('has', async () => this.#source.has?.(ids))
    const isComplete = Array.isArray(answers) && answers.length === ids.length
    if (isComplete && answers.every((answer) => typeof answer === 'boolean')) return answers
    throw this.#refuse('has() must answer true or false for each id')
  }

  async #zones(): Promise<Zones> {
    const zones: unknown = await this.#ask('zones', async () => this.#source.zones?.())
    if (Array.isArray(zones) && zones.every((zone) => zone === null || typeof zone === 'string')) return zones
    throw this.#refuse('zones() must answer a list of time zones and null')
  }

  async #ask<Answer>(method: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask()
    } catch (cause) {
      if (this.#signal.aborted) throw cause
      throw this.#refuse(`${method}() threw ${errorName(cause)}`, cause)
    }
  }

  #refuse(text: string, cause?: unknown): ReachError {
    return failedAudience(this.#name, text, cause)
  }
}

/** What the app's own code did wrong, or met. */
export function failedAudience(name: string, text: string, cause?: unknown): ReachError {
  const options = cause === undefined ? {} : { cause }
  return new ReachError('REACH_AUDIENCE_FAILED', `audience '${name}': ${text}.`, options)
}

/** A row that is passed on as it is has fields which are no addresses. */
function plainItem(item: unknown): unknown {
  const unknown = isFields(item) ? Object.keys(item).find((name) => !itemFields.has(name)) : undefined
  if (unknown === undefined) return item
  const text = `an item has no field '${shownName(unknown)}': put it into columns, or addresses.`
  throw new ReachError('REACH_AUDIENCE_INVALID', text)
}

const itemFields: ReadonlySet<string> = new Set(['id', 'addresses', 'locale', 'zone', 'columns'])

function isReject(value: unknown): value is AudienceReject {
  return isFields(value) && Number.isSafeInteger(value['line']) && typeof value['reason'] === 'string'
}
