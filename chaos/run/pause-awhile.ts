import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from './stage.js'

/** By then nothing goes out any more. */
const stopsMs = 1_000
const standsMs = 2_000

/** Pauses the task and looks whether nothing goes out, while a worker dies and another one comes; then it goes on. */
export async function pauseAwhile({ campaign, crew, sink, damage }: Stage, pick: number): Promise<void> {
  if (campaign === undefined) return
  await campaign.pause()
  await wait(stopsMs)
  const before = await sink.report()
  crew.killAny(pick, 0)
  await wait(standsMs)
  const after = await sink.report()
  damage.leaked += after.requests - before.requests
  damage.pauses += 1
  await campaign.resume()
}
