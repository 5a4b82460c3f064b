import { ReachError } from '../spec/index.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'
import type { MoveNote, TaskTable } from './task-table.js'

/** Gives the approval that a task waits for, as one person. */
export async function approveTask(
  number: string,
  note: MoveNote,
  table: TaskTable,
  _context: TaskContext,
): Promise<Task> {
  return table.move(number, 'approve', note)
}

export async function rejectTask(
  number: string,
  note: MoveNote,
  table: TaskTable,
  _context: TaskContext,
): Promise<Task> {
  if (note.by === undefined) throw new ReachError('REACH_OPTION_INVALID', 'reject(): by must say who rejects')
  return table.move(number, 'reject', note)
}
