import { deadLeaseLimit } from '../spec/index.js'
import type { Claim, ClaimedMessage, ClaimGranted, ClaimRequest, DeadLease, Envelope, Lease } from '../spec/index.js'
import type { Slot } from './parcel.js'
import type { Entry, Tables } from './tables.js'

/** Takes the lease of one envelope's entry and reads its messages. */
export function claim(tables: Tables, envelope: Envelope, request: ClaimRequest): Claim {
  const entry = tables.entries.get(envelope.id)
  if (entry === undefined) return { status: 'gone' }
  const elapsed = tables.clock.monotonic()
  if (entry.token !== undefined && entry.leaseUntil > elapsed) return { status: 'leased' }
  const now = tables.now()
  if (entry.due > now) return { status: 'not-due', due: entry.due }
  const messages = claimable(tables, entry, now)
  const dead = deadLeases(entry)
  if (messages !== undefined && messages.length === 0 && dead.length === 0) {
    tables.entries.delete(envelope.id)
    return { status: 'gone' }
  }
  return { status: 'claimed', ...lease(tables, entry, dead, elapsed + request.leaseMs), messages: messages ?? [] }
}

/** One that began a slice had resolved what was before it. */
function deadLeases({ token, slices, dead }: Entry): readonly DeadLease[] {
  if (token === undefined) return dead
  if (slices > 0) return [{ token, slices }]
  return dead.length < deadLeaseLimit ? [...dead, { token, slices }] : dead
}

function lease(
  tables: Tables,
  entry: Entry,
  dead: readonly DeadLease[],
  until: number,
): Pick<ClaimGranted, 'entry' | 'token' | 'takeovers' | 'before'> {
  if (entry.token !== undefined) entry.takeovers += 1
  const token = tables.nextToken()
  entry.dead = dead
  entry.token = token
  entry.leaseUntil = until
  entry.slices = 0
  entry.pushes = 0
  return { entry: entry.envelope.id, token, takeovers: entry.takeovers, before: dead }
}

/** The messages that may be worked on; undefined for cargo that has none by nature. */
function claimable(tables: Tables, entry: Entry, now: number): ClaimedMessage[] | undefined {
  const { cargo } = entry.envelope
  if (cargo.kind !== 'messages') return undefined
  const slots = tables.parcels.get(cargo.parcel)?.slots
  const messages: ClaimedMessage[] = []
  for (const [index, position] of cargo.positions.entries()) {
    const slot = slots?.[position]
    if (slot !== undefined && slot.step === cargo.steps[index] && workable(slot, now)) messages.push(slot.claimed())
  }
  return messages
}

function workable(slot: Slot, now: number): boolean {
  if (slot.state === 'sending') return true
  return slot.state !== 'done' && slot.due <= now
}

export function renew(tables: Tables, { entry, token }: Lease, leaseMs: number): boolean {
  const held = tables.entries.get(entry)
  if (held === undefined || held.token !== token) return false
  held.leaseUntil = tables.clock.monotonic() + leaseMs
  return true
}

/** Gives a lease back; with `due`, the entry is not claimed again before that. */
export function yieldLease(tables: Tables, { entry, token }: Lease, due: number | undefined): void {
  const held = tables.entries.get(entry)
  if (held === undefined || held.token !== token) return
  held.token = undefined
  if (held.slices > 0) held.dead = []
  held.slices = 0
  held.leaseUntil = 0
  if (due !== undefined) held.due = due
  held.pushes = 0
  held.pushedAt = Math.max(tables.now(), held.due)
}
