import assert from 'node:assert/strict'
import type { Ledger, NewParcel, PendingEntry } from '@reachkit/core/spec'
import { record } from './work.js'

export async function allPending(ledger: Ledger): Promise<readonly PendingEntry[]> {
  return ledger.pending({}, 10_000)
}

/** Fails unless every message of the parcel that waits or is held is in exactly one pending entry with its step. */
export async function assertOneEntryEach(ledger: Ledger, parcel: NewParcel): Promise<void> {
  const entries = await allPending(ledger)
  for (const position of parcel.messages.keys()) {
    const { state, step } = await record(ledger, parcel.id, position)
    if (state === 'done') continue
    const count = entries.filter((entry) => carries(entry, parcel.id, position, step)).length
    assert.equal(count, 1, `a message that is ${state} at step ${step} is to be in one pending entry, not ${count}`)
  }
}

function carries({ cargo }: PendingEntry, parcel: string, position: number, step: number): boolean {
  if (cargo.kind !== 'messages' || cargo.parcel !== parcel) return false
  return cargo.positions.some((at, index) => at === position && cargo.steps[index] === step)
}
