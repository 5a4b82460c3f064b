import { setTimeout as wait } from 'node:timers/promises'
import type { Ledger, Store, StoreParts } from '@reachkit/core/spec'

const ignore = (): void => {}
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const random = { next: Math.random, bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** A store without an app. */
export async function openParts(store: Store, otherPool = false): Promise<StoreParts> {
  return store.open({ clock, random, logger, otherPool })
}

/** Waits until each is done or held; answers its state, of a done one the outcome, and `absent` for one that is not there. */
export async function settledStates(ledger: Ledger, ids: readonly string[]): Promise<readonly string[]> {
  for (;;) {
    const records = await ledger.get(ids)
    if (records.every((record) => record === undefined || record.state === 'done' || record.state === 'held')) {
      return records.map((record) => record?.outcome ?? record?.state ?? 'absent')
    }
    await wait(50)
  }
}
