import { pause } from '../io/pause.js'
import { errorName } from '../io/error-name.js'
import { rejected, sent } from '../spec/index.js'
import type { Clock, Cost, Logger } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { costOf, evidencePage } from './evidence.js'
import type { Evidence, EvidenceOf, Judged, JudgedAttempt } from './evidence.js'

/** How long whoever brings evidence is kept waiting for a message that is still being sent. */
const soonMs: readonly number[] = [0, 50, 100, 200, 400]
const slowestMs = 5_000
/** Longer than a driver may take; who knows no better by then never will. */
const mostMs = 900_000
/** Messages being sent that evidence is kept of. The oldest go first. */
const mostNotes = 10_000

export interface EvidenceNotesOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly stopping: AbortSignal
  /** Moves messages by what is known; answers those that have to be looked at again. */
  readonly resolve: (evidence: EvidenceOf) => Promise<readonly string[]>
}

/**
 * What this process knows of messages that somebody is sending, here or elsewhere. It counts as soon as the attempt has
 * landed: `judge` is asked before an attempt without an answer is settled, and the ledger is looked at meanwhile.
 */
export class EvidenceNotes {
  readonly #options: EvidenceNotesOptions
  readonly #notes = new Map<string, readonly Evidence[]>()
  readonly #working = new Set<Promise<unknown>>()

  constructor(options: EvidenceNotesOptions) {
    this.#options = options
  }

  /** Resolves when the evidence counts, or after a moment: of what is still being sent, it counts later. */
  async bring(evidence: EvidenceOf): Promise<void> {
    let left: readonly string[] = [...evidence.keys()]
    try {
      left = await this.#round(left, evidence)
      for (const waitMs of soonMs) {
        if (left.length > 0 && (await this.#paused(waitMs))) left = await this.#round(left)
      }
    } finally {
      if (left.length > 0) this.#work(this.#goOn(left))
    }
  }

  /** The same, and nobody waits for it. */
  follow(evidence: EvidenceOf): void {
    this.#work(this.#goOn([...evidence.keys()], evidence))
  }

  /** A message is held now: what is known of it counts at once. */
  look(id: string): void {
    if (this.#notes.has(id)) this.#work(this.#tryRound([id]))
  }

  /** Puts what is known in the place of outcomes that nobody knew, before the journey is settled. */
  judge(journey: Judged, now: number): void {
    if (this.#notes.size === 0) return
    for (const evidence of this.#notes.get(journey.message.id) ?? []) {
      const after = evidence.apply(journey.progress, now)
      // Another channel is none of this slice's: it is looked at when this has landed.
      const attempt = journey.attempts.find(({ channel: { name } }) => after.legs[name] !== journey.progress.legs[name])
      if (attempt === undefined) continue
      journey.progress = after
      const events = evidence.events(now)
      journey.events.push(...events)
      const { name } = attempt.channel
      attempt.outcome = outcomeOf(attempt, after.legs[name]?.state, costOf(events, name))
    }
  }

  /** Waits for what is in flight. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#working)
  }

  /** Notes what is known of messages that have not landed. Answers how many had to go for it. */
  #keep(ids: readonly string[], evidence: EvidenceOf): number {
    const newest = ids.slice(-mostNotes)
    for (const id of newest) {
      const more = evidence.get(id)
      if (more !== undefined) this.#notes.set(id, [...(this.#notes.get(id) ?? []), ...more])
    }
    const tooMany = Math.max(0, this.#notes.size - mostNotes)
    for (const id of this.#notes.keys()) {
      if (this.#notes.size <= mostNotes) break
      this.#notes.delete(id)
    }
    return ids.length - newest.length + tooMany
  }

  /** Looks again and again, ever more seldom, until every message has landed. */
  async #goOn(ids: readonly string[], own?: EvidenceOf): Promise<void> {
    const { clock, logger } = this.#options
    const until = clock.monotonic() + mostMs
    let left = own === undefined ? ids : await this.#tryRound(ids, own)
    for (let waitMs = 0; left.length > 0; waitMs = Math.min(slowestMs, waitMs * 2 || 50)) {
      if (!(await this.#paused(waitMs))) return
      left = await this.#tryRound(left)
      if (clock.monotonic() < until) continue
      logger.warn({ messages: left.length }, 'evidence came for messages that are still being sent; it is dropped')
      for (const id of left) this.#notes.delete(id)
      return
    }
  }

  /** A store that is away is asked again. */
  async #tryRound(ids: readonly string[], own?: EvidenceOf): Promise<readonly string[]> {
    try {
      return await this.#round(ids, own)
    } catch (error) {
      const fields = { messages: ids.length, error: errorName(error) }
      this.#options.logger.warn(fields, 'late evidence could not be recorded; it is tried again')
      return ids
    }
  }

  /**
   * Answers those that have to be looked at again. What is brought (`own`) counts at once, however much it is; noted is
   * only what has to be looked at again, or what a store that is away was not asked about.
   */
  async #round(ids: readonly string[], own?: EvidenceOf): Promise<readonly string[]> {
    const { clock, logger } = this.#options
    const yielder = createYielder(clock)
    const left: string[] = []
    let start = 0
    let dropped = 0
    try {
      for (; start < ids.length; start += evidencePage) {
        const again = await this.#page(ids.slice(start, start + evidencePage), own)
        if (own !== undefined) dropped += this.#keep(again, own)
        left.push(...again)
        await yielder.handOver()
      }
    } catch (error) {
      if (own !== undefined) dropped += this.#keep(ids.slice(start), own)
      throw error
    } finally {
      if (dropped > 0) {
        logger.warn({ messages: dropped }, 'late evidence was dropped: too many messages have not landed yet')
      }
    }
    return left
  }

  async #page(ids: readonly string[], own?: EvidenceOf): Promise<readonly string[]> {
    const asked = new Map<string, readonly Evidence[]>()
    const noted = new Map<string, readonly Evidence[] | undefined>()
    for (const id of ids) {
      const known = this.#notes.get(id)
      const all = merged(known, own?.get(id))
      if (all === undefined) continue
      asked.set(id, all)
      noted.set(id, known)
    }
    if (asked.size === 0) return []
    const left = new Set(await this.#options.resolve(asked))
    for (const [id, before] of noted) {
      if (left.has(id)) continue
      const known = this.#notes.get(id)
      if (known === before) this.#notes.delete(id)
      // More came in the meantime.
      else if (known !== undefined) left.add(id)
    }
    return [...left]
  }

  /** False where the process stops: what is in the air here is still judged by the notes. */
  async #paused(waitMs: number): Promise<boolean> {
    const { clock, stopping } = this.#options
    return waitMs === 0 || pause(clock, waitMs, stopping)
  }

  #work(work: Promise<unknown>): void {
    this.#working.add(work)
    void work.finally(() => this.#working.delete(work))
  }
}

function merged(known: readonly Evidence[] | undefined, own: readonly Evidence[] | undefined) {
  return known === undefined || own === undefined ? (known ?? own) : [...known, ...own]
}

/** What gates are told by: a channel that is known now is confirmed, or given back. */
function outcomeOf(
  { outcome }: JudgedAttempt,
  state: string | undefined,
  cost: Cost | undefined,
): JudgedAttempt['outcome'] {
  if (state === 'failed') return rejected('bounced')
  return state === 'retry' || state === 'unknown' ? outcome : sent(undefined, cost)
}
