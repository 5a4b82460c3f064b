import type { Journey } from '../dispatch/journey.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import { errorName } from '../io/error-name.js'
import type { Reason } from '../spec/index.js'
import { gather } from './gather.js'
import { judge } from './judge.js'
import { lead } from './lead.js'
import { putOff } from './put-off.js'

const failedMs = 5_000
const failed: Reason = { code: 'digest-failed' }

/**
 * What travels on now of the messages of an envelope: those of types without a digest as they are, those that lead a group
 * with what was merged into them. The others wait for the end of their group, or for the one that leads it.
 */
export async function passDigests(run: SliceHost, journeys: readonly Journey[]): Promise<Journey[]> {
  const going: Journey[] = []
  const fresh: Journey[] = []
  const gathered: Journey[] = []
  const leaders: Journey[] = []
  for (const journey of journeys) {
    const { digest } = journey.progress
    if (goesAlone(journey)) going.push(journey)
    else if (digest === undefined) fresh.push(journey)
    else (digest.members === undefined ? gathered : leaders).push(journey)
  }
  await guarded(run, fresh, async () => gather(run, fresh))
  going.push(...((await guarded(run, gathered, async () => judge(run, gathered))) ?? []))
  going.push(...((await guarded(run, leaders, async () => lead(run, leaders))) ?? []))
  return going
}

/** What is urgent waits for no others, and what a person had sent once more has waited. */
function goesAlone({ message, definition, progress }: Journey): boolean {
  if (definition.digest === undefined || message.lane === 'P0') return true
  return progress.digest === undefined && progress.resend !== undefined
}

/** Where a store fails, these wait, and those beside them travel. */
async function guarded<Answer>(
  run: SliceHost,
  journeys: readonly Journey[],
  work: () => Promise<Answer>,
): Promise<Answer | undefined> {
  if (journeys.length === 0) return undefined
  try {
    return await work()
  } catch (error) {
    const { logger, storeNow } = run.context
    const fields = { envelope: run.envelope.id, messages: journeys.length, error: errorName(error) }
    logger.error(fields, 'digests could not be gathered; their messages are tried again')
    for (const journey of journeys) putOff(run, journey, storeNow() + failedMs, failed)
    return undefined
  }
}
