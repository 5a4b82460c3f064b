import type { Journey } from '../dispatch/journey.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import type { DigestNote } from '../route/progress.js'
import type { Reason } from '../spec/index.js'

/** Has a message wait, with a new note where there is one, and as long as its ttl lasts. */
export function putOff(run: SliceHost, journey: Journey, until: number, reason: Reason, digest?: DigestNote): void {
  const { message } = journey
  if (digest !== undefined) journey.progress = { ...journey.progress, digest }
  const due = Math.min(until, message.expires ?? Infinity)
  run.settle(message, { state: 'waiting', due, reason, progress: JSON.stringify(journey.progress) }, journey)
}
