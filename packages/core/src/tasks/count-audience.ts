import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'

const pageSize = 500

/** How many recipients an audience has: as its source tells, or by reading through it. Who stands twice counts twice. */
export async function countAudience({ audience, tenant }: Task, context: TaskContext): Promise<number> {
  const source = await context.openAudience(audience, tenant)
  try {
    const known = await source.count?.()
    if (known !== undefined) return known
    let count = 0
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: { readonly items: readonly unknown[]; readonly next: string | undefined } = await source.page({
        cursor,
        limit: pageSize,
      })
      count += page.items.length
      cursor = page.next
    }
    return count
  } finally {
    await source.close?.()
  }
}
