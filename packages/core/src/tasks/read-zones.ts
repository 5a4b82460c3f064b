import type { AudienceSource } from '../spec/index.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'
import { zonesOf } from './zone-of-item.js'

const pageSize = 500

/** The zones of an audience: what its source tells, or else those of all of it, read through once. */
export async function readZones(task: Task, context: TaskContext): Promise<ReadonlySet<string | null>> {
  const source = await context.openAudience(task.audience, task.tenant)
  try {
    return source.zones === undefined ? await readThrough(source, task, context) : new Set(await source.zones())
  } finally {
    await source.close?.()
  }
}

async function readThrough(
  source: AudienceSource,
  { tenant }: Task,
  context: TaskContext,
): Promise<ReadonlySet<string | null>> {
  const zones = new Set<string | null>()
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { items, next } = await source.page({ cursor, limit: pageSize })
    for (const zone of await zonesOf(items, tenant, context)) zones.add(zone)
    cursor = next
  }
  return zones
}
