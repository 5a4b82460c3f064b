import type { Acceptance, Claim, ReservationEnd } from '@reachkit/core/spec'
import type { Transaction } from 'kysely'
import type { Queries } from '../database/dialect.js'
import { codeOf } from '../database/retry.js'
import type { ReachTables } from '../database/tables.js'
import { endReservations } from '../state/budgets.js'
import { AcceptAtOnce } from './accept-at-once.js'
import { acceptAll } from './accept.js'
import type { Accepted, PackedParcel } from './accept.js'
import { claimAll } from './claim.js'
import type { ClaimItem } from './claim.js'
import { Coalescer } from './coalescer.js'
import type { Outcome } from './coalescer.js'
import { byWeight, inOneStep, isOfAnItem, mostMessagesAtOnce, readBodies } from './core.js'
import type { LedgerContext } from './core.js'
import { envelopeOf } from './entries.js'
import type { Job } from './jobs.js'
import type { RuleInputs } from './rules.js'
import { Unit } from './unit.js'
import type { Written } from './unit.js'
import { changedMeanwhile, readAtOnce, writeAtOnce } from './unit-at-once.js'

/** The verbs of the ledger that many call at once: what comes while others are under way shares a transaction. */
export class Work {
  readonly #context: LedgerContext
  readonly #acceptAtOnce: AcceptAtOnce | undefined
  readonly #accepts: Coalescer<PackedParcel, Acceptance>
  readonly #claims: Coalescer<ClaimItem, Claim>
  readonly #units: Coalescer<Job, unknown>

  constructor(context: LedgerContext) {
    const { db, dialect } = context
    this.#context = context
    const bounds = { mostWeight: mostMessagesAtOnce, mostAtOnce: dialect.name === 'sqlite' ? 1 : 2 }
    this.#acceptAtOnce = dialect.name === 'postgres' ? new AcceptAtOnce(db, dialect) : undefined
    this.#accepts = new Coalescer((parcels) => this.#accept(parcels), { ...bounds, weigh: weightOfParcel })
    this.#claims = new Coalescer((items) => claimAll(context, items), { ...bounds, weigh: weightOfClaim })
    const units = { ...bounds, weigh: weightOfJob, keys: ({ parcels }: Job) => parcels }
    this.#units = new Coalescer((jobs) => this.#work(jobs), units)
  }

  async accept(parcels: readonly PackedParcel[]): Promise<readonly Acceptance[]> {
    const answers: Acceptance[] = []
    for (const some of byWeight(parcels, mostMessagesAtOnce, weightOfParcel))
      answers.push(...(await this.#accepts.call(some)))
    return answers
  }

  claim(items: readonly ClaimItem[]): Promise<readonly Claim[]> {
    return this.#claims.call(items)
  }

  async unit<Answer>(jobs: readonly Job<Answer>[]): Promise<readonly Answer[]> {
    const answers: unknown[] = []
    for (const some of byWeight(jobs, mostMessagesAtOnce, weightOfJob)) answers.push(...(await this.#units.call(some)))
    return answers as readonly Answer[]
  }

  async #accept(parcels: readonly PackedParcel[]): Promise<readonly Outcome<Acceptance>[]> {
    const atOnce = await this.#acceptAtOnce?.accept(parcels)
    if (atOnce !== undefined) {
      this.#tellAccepted(atOnce)
      return atOnce.answers.map((answer) => ({ answer }))
    }
    const { outcomes, told } = await this.#inOneStep(parcels, async (trx, some) => {
      const made = await acceptAll(trx, this.#context.dialect, some)
      return { answers: made.answers, told: made }
    })
    for (const made of told) this.#tellAccepted(made)
    return outcomes
  }

  #tellAccepted({ entries, parcels }: Accepted): void {
    const { cache, listeners } = this.#context
    for (const { parcel, bodies, done } of parcels) if (!done) cache.set(parcel, bodies)
    const fresh = { version: 1, events: [] }
    listeners.wrote(parcels.map(({ parcel, bodies, done }) => ({ ...fresh, parcel, size: bodies.bodies.length, done })))
    listeners.arrived(entries.map(envelopeOf))
  }

  /** Runs jobs in one unit of work, and tells what it wrote once it is committed. */
  async #work(jobs: readonly Job[]): Promise<readonly Outcome<unknown>[]> {
    const atOnce = await this.#workAtOnce(jobs)
    if (atOnce !== undefined) return atOnce
    const { outcomes, told } = await this.#inOneStep<Job, unknown, Written>(jobs, async (trx, some) => {
      const unit = new Unit(trx, this.#context.dialect)
      await unit.loadParcels(some.flatMap(({ parcels }) => parcels))
      await unit.loadEntries(some.flatMap(({ entries }) => entries))
      await unit.loadEntriesOf(some.flatMap(({ parcels, moves }) => (moves ? parcels : [])))
      const inputs = await this.#inputs(trx, unit, some)
      const answers = some.map((job) => job.apply(unit, inputs))
      const written = await unit.write()
      const ends = some.flatMap(endsOf)
      if (ends.length > 0) await endReservations(trx, this.#context.dialect, ends)
      return { answers, told: written }
    })
    for (const written of told) this.#tell(written)
    return outcomes
  }

  /** Undefined where it has to be done in a transaction: somebody else wrote the same meanwhile, twice, or one job fails. */
  async #workAtOnce(jobs: readonly Job[]): Promise<readonly Outcome<unknown>[] | undefined> {
    if (this.#context.dialect.name !== 'postgres') return undefined
    if (jobs.some((job) => job.moves || endsOf(job).length > 0)) return undefined
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        return await this.#tryAtOnce(jobs)
      } catch (error) {
        if (codeOf(error) === changedMeanwhile) continue
        if (isOfAnItem(error)) return undefined
        throw error
      }
    }
    return undefined
  }

  async #tryAtOnce(jobs: readonly Job[]): Promise<readonly Outcome<unknown>[]> {
    const { db, dialect } = this.#context
    const unit = new Unit(db, dialect)
    const [parcels, entries] = [jobs.flatMap((job) => job.parcels), jobs.flatMap((job) => job.entries)]
    await readAtOnce(this.#context, unit, parcels, entries)
    const inputs = await this.#inputs(db, unit, jobs)
    const outcomes = jobs.map((job) => ({ answer: job.apply(unit, inputs) }))
    const { changes, written } = unit
    await dialect.retry(() => writeAtOnce(db, changes))
    this.#tell(written)
    return outcomes
  }

  async #inputs(trx: Queries, unit: Unit, jobs: readonly Job[]): Promise<RuleInputs> {
    const aged = [...unit.standings.values()].filter((standing) => standing.mayBeExpired(unit.now))
    const bodies = await readBodies(
      this.#context,
      trx,
      aged.map(({ parcel }) => parcel),
    )
    const orphaned = jobs.flatMap(({ writes }) =>
      writes.flatMap(({ entry, entries, parcel }) => (entries.length > 0 && !unit.entries.has(entry) ? parcel : [])),
    )
    const moving = jobs.flatMap(({ moves, parcels }) => (moves ? parcels : []))
    const tenants = await unit.tenants([...orphaned, ...moving])
    return { bodies: new Map([...bodies].map(([parcel, read]) => [parcel, read.bodies])), tenants }
  }

  /** What a transaction answers counts once it is committed: one that is done again is told once. */
  async #inOneStep<Item, Answer, Told>(
    items: readonly Item[],
    work: (
      trx: Transaction<ReachTables>,
      items: readonly Item[],
    ) => Promise<{ readonly answers: readonly Answer[]; readonly told: Told }>,
  ): Promise<{ readonly outcomes: readonly Outcome<Answer>[]; readonly told: readonly Told[] }> {
    const told = new Set<Told>()
    const outcomes = await inOneStep(this.#context, items, async (trx, some) => {
      const done = await work(trx, some)
      return done.answers.map((answer) => ({ answer, told: done.told }))
    })
    return {
      outcomes: outcomes.map((outcome) => {
        if ('error' in outcome) return outcome
        told.add(outcome.answer.told)
        return { answer: outcome.answer.answer }
      }),
      told: [...told],
    }
  }

  #tell({ envelopes, parcels }: Written): void {
    const { listeners } = this.#context
    if (parcels.length > 0) listeners.wrote(parcels)
    if (envelopes.length > 0) listeners.arrived(envelopes)
  }
}

/** Each item by its own way, urgent ones apart from the others; the answers in the order of the items. */
export async function inTwoWays<Item, Answer>(
  items: readonly Item[],
  isUrgent: (item: Item) => boolean,
  go: (some: readonly Item[], isUrgent: boolean) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  const marks = items.map(isUrgent)
  if (!marks.includes(true)) return go(items, false)
  if (!marks.includes(false)) return go(items, true)
  const [urgent, others] = await Promise.all([
    go(
      items.filter((_, index) => marks[index]),
      true,
    ),
    go(
      items.filter((_, index) => !marks[index]),
      false,
    ),
  ])
  const next = { urgent: urgent.values(), others: others.values() }
  return marks.flatMap((mark) => {
    const answer = (mark ? next.urgent : next.others).next()
    return answer.done === true ? [] : [answer.value]
  })
}

function endsOf({ writes }: Job): readonly ReservationEnd[] {
  return writes.flatMap(({ reservations }) => reservations ?? [])
}

function weightOfParcel({ bodies }: PackedParcel): number {
  return bodies.length + 1
}

function weightOfJob({ weight }: Job): number {
  return weight
}

/** Messages of an envelope are read, not written. */
function weightOfClaim(): number {
  return 16
}
