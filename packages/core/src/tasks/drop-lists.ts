import type { AudiencePlan } from '../audience/index.js'
import { errorName } from '../io/error-name.js'
import type { TaskContext } from './task-context.js'

/** Forgets what was copied for an audience that nobody reads any more. What cannot be forgotten now is logged. */
export async function dropLists(
  plan: AudiencePlan,
  { book, logger }: Pick<TaskContext, 'book' | 'logger'>,
): Promise<void> {
  for (const list of listsIn(plan)) {
    try {
      await book?.drop(list)
    } catch (error) {
      logger.warn({ list, error: errorName(error) }, 'a copied audience could not be dropped')
    }
  }
}

function listsIn(plan: AudiencePlan): readonly string[] {
  switch (plan.kind) {
    case 'list':
      return [plan.list]
    case 'union':
    case 'intersection':
      return plan.of.flatMap(listsIn)
    case 'difference':
      return [...listsIn(plan.of), ...listsIn(plan.without)]
    case 'sample':
      return listsIn(plan.of)
    case 'ids':
    case 'recipients':
    case 'csv':
    case 'ndjson':
    case 'segment':
    case 'named':
      return []
  }
}
