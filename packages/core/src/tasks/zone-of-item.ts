import { ReachError } from '../spec/index.js'
import { isZone } from '../schedule/wall-clock.js'
import type { AudienceItem } from '../spec/index.js'
import type { TaskContext } from './task-context.js'

/**
 * The time zone of each, as its row says or else the directory; null where neither knows one that Node does.
 * @throws ReachError `REACH_AUDIENCE_FAILED` where the directory is away.
 */
export async function zonesOf(
  items: readonly AudienceItem[],
  tenant: string,
  { recipients, stopping }: Pick<TaskContext, 'recipients' | 'stopping'>,
): Promise<readonly (string | null)[]> {
  const ids = items.flatMap(({ id, zone }) => (zone === undefined && id !== '' ? [id] : []))
  const book = await recipients.read(ids, tenant, stopping)
  if (book === 'failed') throw new ReachError('REACH_AUDIENCE_FAILED', 'the directory is away')
  return items.map(({ id, zone = book.get(id)?.zone }) => (zone !== undefined && isZone(zone) ? zone : null))
}
