import { parseData } from '../intake/parse-data.js'
import { parseRecipient } from '../intake/parse-to.js'
import { preparePlan } from '../audience/index.js'
import { isReachError } from '../spec/index.js'
import type { AudienceItem, AudienceSource } from '../spec/index.js'
import { fillColumns } from './column.js'
import { draftTask } from './create-task.js'
import { dropLists } from './drop-lists.js'
import type { TaskDraft } from './create-task.js'
import type { TaskContext } from './task-context.js'
import type { TaskPreview } from './types.js'

const pageSize = 500

/** Reads an audience as a task would, and keeps nothing. */
export async function previewTask(
  options: unknown,
  { sample, most }: { readonly sample: number; readonly most: number },
  context: TaskContext,
): Promise<TaskPreview> {
  const draft = await draftTask(options, context)
  const plan = await preparePlan(draft.audience, context.preparing(draft.task))
  const source = await context.openAudience(plan, draft.task.tenant)
  try {
    return await readPreview(source, draft, sample, most, context)
  } finally {
    await source.close?.()
    await dropLists(plan, context)
  }
}

async function readPreview(
  source: AudienceSource,
  draft: TaskDraft,
  size: number,
  most: number,
  context: TaskContext,
): Promise<TaskPreview> {
  const sample: TaskPreview['sample'][number][] = []
  let count = 0
  let rejects = 0
  let cursor: string | undefined = ''
  const known = await source.count?.()
  // Where it is known how many there are, the sample is all that is read for.
  const enough = (): boolean => (known === undefined ? count >= most : sample.length >= size)
  while (cursor !== undefined && !enough()) {
    const page = await source.page({ cursor, limit: pageSize })
    for (const item of page.items.slice(0, size - sample.length)) sample.push(await sampleOf(item, draft, context))
    count += page.items.length
    rejects += page.rejects?.length ?? 0
    cursor = page.next
  }
  const isExact = known !== undefined || cursor === undefined
  const total = known ?? count
  return { count: total, isExact, rejects, sample, cost: costOf(total, draft, context) }
}

async function sampleOf(
  { id, addresses, columns }: AudienceItem,
  { task, definition }: TaskDraft,
  { options: { channels }, people }: TaskContext,
): Promise<TaskPreview['sample'][number]> {
  const data = fillColumns(task.data, columns)
  try {
    await parseData(definition, data)
    const to = { key: task.message, channels, hasDirectory: await people.look(task.tenant) }
    const recipient = addresses === undefined ? id : { ...addresses, ...(id !== '' && { id }) }
    return { id: parseRecipient(recipient, to).id, data, problem: undefined }
  } catch (error) {
    if (!isReachError(error)) throw error
    return { id, data, problem: error.message }
  }
}

/** By the price of one message at the first provider that has one. */
function costOf(count: number, { definition }: TaskDraft, { options }: TaskContext): TaskPreview['cost'] {
  for (const name of definition.content.keys()) {
    for (const { driver } of options.channels.get(name)?.drivers ?? []) {
      const { cost } = driver.capabilities
      if (cost !== undefined) return { currency: cost.currency, micros: cost.micros * count }
    }
  }
  return undefined
}
