import type { OpenEngine } from './engine.js'

const lookEveryMs = 5

/**
 * Works off what is due: returns when nothing due is left and nothing is in flight, or when the time is up (what is in
 * flight then goes on). For a function that is frozen between calls.
 */
export async function drain(engine: OpenEngine, maxMs: number): Promise<number> {
  const { clock } = engine.context
  const until = clock.monotonic() + maxMs
  const before = engine.endedCount()
  engine.keepAlive.hold()
  try {
    await engine.spool?.flush()
    await engine.relay?.flush()
    while (clock.monotonic() < until && (await hasWork(engine))) {
      await new Promise<void>((resolve) => clock.setTimer(lookEveryMs, resolve))
    }
  } finally {
    engine.keepAlive.release()
  }
  return engine.endedCount() - before
}

async function hasWork({ dispatcher, ledger, storeClock }: OpenEngine): Promise<boolean> {
  if ((dispatcher?.inFlight ?? 0) > 0) return true
  const due = await ledger.pending({ dueBefore: storeClock.now() + 1 }, 1)
  return due.length > 0
}
