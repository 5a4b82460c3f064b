import type { BeginAnswer, BeginRequest, Settlement } from '../spec/index.js'
import { conclude, putBack, reportAttempts } from './conclude.js'
import { Delivery } from './deliver.js'
import { givePlaces, takePlaces } from './driver-queue.js'
import { endReservation } from './end-reservation.js'
import type { Journey } from './journey.js'
import { passSlice } from './pass-slice.js'
import type { Slice } from './slice-groups.js'
import type { SliceHost } from './slice-host.js'
import { attemptingOf, reservationOf, unbegunLimit } from './takeover.js'

/**
 * One slice: gates that read, content, gates that use something up, a place at each driver, begin, one attempt each.
 * What a gate or its content stopped on a channel is marked: it is planned anew.
 */
export async function runSlice(run: SliceHost, { journeys, queues }: Slice): Promise<void> {
  const { context, envelope, claim } = run
  const slice = run.slices
  run.slices += 1
  // Takeover looks for a reservation among so many names behind the last slice that was begun.
  if (context.gates.consumes && slice >= run.begunSlices + unbegunLimit) {
    run.left = true
    return
  }
  const reservation = context.gates.consumes ? reservationOf(claim.entry, claim.token, slice) : ''
  const passed = passSlice(run, journeys, reservation)
  const ready = passed instanceof Promise ? await passed : passed
  if (ready.length === 0) return
  if (run.hasResults && !queues.every((queue) => queue.hasRoom(envelope.lane, ready.length))) await run.flush(false)
  const places = takePlaces(queues, envelope.lane, ready.length, context.stopping)
  if (places !== true && !(await places)) return leave(run, reservation)
  try {
    const may = run.mayBegin()
    if (may !== true && !(await may)) return await leave(run, reservation)
    const before = run.hasResults ? run.takeSettlement(false) : undefined
    const asked = context.clock.monotonic()
    const answer = await context.begin(beginRequest(run, ready, slice, before?.settlement), envelope.lane)
    if (before !== undefined) run.flushed(before, answer)
    run.begunSlices = slice + 1
    const begun = granted(run, ready, answer, asked)
    const delivered = begun.length > 0 ? deliver(run, begun) : undefined
    run.calm()
    await delivered
    for (const journey of begun) conclude(run, journey, reservation)
    if (begun.length < ready.length && !run.lease.lost) putBack(run, ready, begun)
    if (context.gates.consumes) await endReservation(run, ready, begun, reservation)
  } finally {
    givePlaces(queues, ready.length)
  }
}

/** The process stops, or its task stands still, before the slice had its turn: it was never begun, and is taken again. */
async function leave(run: SliceHost, reservation: string): Promise<void> {
  run.left = true
  if (run.context.gates.consumes) await run.context.gates.end(reservation, [], undefined)
}

function deliver(run: SliceHost, begun: readonly Journey[]): Promise<void> {
  const [only] = begun
  const attempts = begun.length === 1 && only !== undefined ? only.attempts : begun.flatMap((one) => one.attempts)
  const delivered = new Delivery(run, attempts).run()
  return run.context.gates.observes ? delivered.then(() => reportAttempts(run, begun)) : delivered
}

/** Marks the slice as being sent, and takes along what those before it became. */
function beginRequest(
  { claim, lease, parcel }: SliceHost,
  journeys: readonly Journey[],
  slice: number,
  settle: Settlement | undefined,
): BeginRequest {
  const request = {
    entry: claim.entry,
    token: claim.token,
    leaseMs: lease.leaseMs,
    slice,
    parcel,
    positions: journeys.map(({ message }) => message.position),
    steps: journeys.map(({ message }) => message.step),
    attempting: journeys.map(({ attempts }) => attemptingOf(attempts)),
  }
  return settle === undefined ? request : { ...request, settle }
}

/** The journeys that the ledger began. */
function granted(
  { lease }: SliceHost,
  journeys: readonly Journey[],
  { lease: held, begun }: BeginAnswer,
  asked: number,
): readonly Journey[] {
  if (held === 'lost') lease.lost = true
  else lease.until = asked + lease.leaseMs
  return begunOf(journeys, begun)
}

function begunOf(journeys: readonly Journey[], positions: readonly number[]): readonly Journey[] {
  if (positions.length === journeys.length) return journeys
  const begun = new Set(positions)
  return journeys.filter(({ message }) => begun.has(message.position))
}
