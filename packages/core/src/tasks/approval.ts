import type { MessageDefinition } from '../message/definition.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'

/** Where a task goes whose plan is complete, and what has to be approved of it. */
export async function reviewPlan(
  _task: Task,
  _definition: MessageDefinition,
  _context: TaskContext,
): Promise<Pick<Task, 'state' | 'approval' | 'counted'>> {
  return { state: 'active', approval: undefined, counted: undefined }
}
