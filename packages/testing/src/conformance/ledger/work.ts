import assert from 'node:assert/strict'
import type {
  BeginAnswer,
  BeginRequest,
  Claim,
  ClaimGranted,
  ClaimedMessage,
  Envelope,
  Ledger,
  MessageRecord,
  NewEntry,
  NewParcel,
  SettleAnswer,
  SettleResult,
  Settled,
  Settlement,
} from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import { only } from '../only.js'
import { envelopeOf, longLeaseMs } from './parcels.js'

/** One worker's hold on an entry, and what it does under its lease. */
export interface Work {
  readonly claim: ClaimGranted
  begin(positions: readonly number[], over?: Partial<BeginRequest>): Promise<BeginAnswer>
  settle(results: readonly SettleResult[], over?: Partial<Settlement>): Promise<SettleAnswer>
}

export async function accept(ledger: Ledger, parcel: NewParcel): Promise<NewParcel> {
  const answer = only(await ledger.accept([parcel]))
  assert.equal(answer.status, 'accepted')
  return parcel
}

export async function tryClaim(ledger: Ledger, envelope: Envelope, leaseMs: number = longLeaseMs): Promise<Claim> {
  return only(await ledger.claim({ envelopes: [envelope], owner: 'worker-1', leaseMs }))
}

export async function claimStatus(ledger: Ledger, entry: NewEntry): Promise<Claim['status']> {
  return (await tryClaim(ledger, envelopeOf(entry))).status
}

/** Claims an entry, or the only one of a parcel, and fails where that is not granted. */
export async function work(ledger: Ledger, parcel: NewParcel, entry?: NewEntry, leaseMs?: number): Promise<Work> {
  const wanted = entry ?? only(parcel.entries)
  const claim = await tryClaim(ledger, envelopeOf(wanted, parcel.tenant), leaseMs)
  assert(claim.status === 'claimed', `the entry is to be claimed; it is ${claim.status}`)
  return workOf(ledger, claim, parcel.id)
}

function workOf(ledger: Ledger, claim: ClaimGranted, parcel: string): Work {
  const { entry, token } = claim
  return {
    claim,
    async begin(positions, over = {}) {
      const steps = over.steps ?? positions.map(() => 0)
      const attempting = positions.map((position) => `attempt-${position}`)
      const request = { entry, token, leaseMs: longLeaseMs, slice: 0, parcel, positions, steps, attempting, ...over }
      return only(await ledger.begin([request]))
    },
    async settle(results, over = {}) {
      return only(await ledger.settle([{ entry, token, parcel, results, entries: [], finish: false, ...over }]))
    },
  }
}

/** What a claim hands out; nothing where the entry is gone, which an entry with nothing left to do may be. */
export async function handedOut(ledger: Ledger, entry: NewEntry): Promise<readonly ClaimedMessage[]> {
  const claim = await tryClaim(ledger, envelopeOf(entry))
  if (claim.status === 'gone') return []
  assert(claim.status === 'claimed', `the entry is to be claimed or gone; it is ${claim.status}`)
  return claim.messages
}

export function result(position: number, to: Settled, step = 0): SettleResult {
  return { position, step, to, events: [] }
}

/** Accepts one parcel, claims it and begins all of it in slice 0. */
export async function sending(ledger: Ledger, parcel: NewParcel, leaseMs: number = longLeaseMs): Promise<Work> {
  await accept(ledger, parcel)
  const worker = await work(ledger, parcel, undefined, leaseMs)
  const { begun } = await worker.begin([...parcel.messages.keys()], { leaseMs })
  assert.deepEqual(begun, [...parcel.messages.keys()])
  return worker
}

export async function record(ledger: Ledger, parcel: string, position = 0): Promise<MessageRecord> {
  const found = only(await ledger.get([messageId(parcel, position)]))
  assert(found !== undefined, 'the message is to be there')
  return found
}

export async function absent(ledger: Ledger, parcel: string, position = 0): Promise<void> {
  assert.equal(only(await ledger.get([messageId(parcel, position)])), undefined, 'no message is to be there')
}
