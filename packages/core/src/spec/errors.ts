/**
 * Every code that Reachkit throws, with the sentence that `docs/errors.md` prints (a test keeps the two equal).
 * A code is stable: it is never renamed or reused. What stops a message without a throw is a reason, see `reasons.ts`.
 */
export const errorCodes = {
  REACH_OPTION_INVALID: 'An option has the wrong kind or value, or is unknown. Names the field and what is allowed.',
  REACH_MESSAGE_UNKNOWN: 'No message type has this key in `createReach({ messages })`.',
  REACH_MESSAGE_DUPLICATE: 'Two message types have the same key.',
  REACH_MESSAGE_INVALID: 'A message definition is wrong: its content, route, ttl or another field.',
  REACH_DATA_INVALID:
    'The data does not fit the schema of the message type. Names every field that is wrong, never its value.',
  REACH_DATA_NOT_JSON: 'The data cannot be stored as JSON: a circular reference, a bigint, a function, a Date, a Map.',
  REACH_RECIPIENT_INVALID:
    'The recipient is neither an id nor a recipient with addresses; an address was given as an id.',
  REACH_RECEIVERS_EMPTY: 'Nobody is set as receiver of this message type: `reach.receivers.set(key, ids)`.',
  REACH_DIRECTORY_MISSING: 'A recipient is named by id, and `createReach` has no `directory`.',
  REACH_DIRECTORY_UNAVAILABLE:
    'A directory or an audience of the app cannot be reached, answered with an error or too late, or is left alone for a while.',
  REACH_CHANNEL_UNKNOWN: 'A message type or a call names a channel that is not wired in `createReach({ channels })`.',
  REACH_CHANNEL_INVALID: 'A channel or driver definition is wrong, or is wired under the name of another channel.',
  REACH_ROUTE_INVALID: 'A route names a channel without content, or the same channel twice, or has no leg.',
  REACH_WEIGHTS_INVALID: 'Weights must be numbers of at least 0, and one must be above 0.',
  REACH_TEMPLATE_INVALID: 'A template cannot be parsed. Names the message type, the channel and the field.',
  REACH_SCHEDULE_INVALID: 'A schedule cannot be read. Names the field and what is allowed.',
  REACH_SCHEDULE_NEVER: 'A schedule never fires, such as a cron of the 30th of February.',
  REACH_AUDIENCE_INVALID: 'An audience cannot be read. Names the field and what is allowed.',
  REACH_AUDIENCE_UNKNOWN: 'No audience of this name is registered in this process.',
  REACH_AUDIENCE_CHANGED: 'The file of an audience is not what it was when the task was created.',
  REACH_AUDIENCE_GONE: 'The file or the list of an audience is no longer there.',
  REACH_AUDIENCE_FAILED:
    'What an audience is read from threw, or answered something that is no page of it; the cause is attached.',
  REACH_BOOK_MISSING: 'The store has no recipient book: no segments, and no audiences that are copied.',
  REACH_SEGMENT_INVALID: 'A segment cannot be read. Names the place in its tree and what is allowed there.',
  REACH_TTL_PAST: 'The message would be expired before it is due.',
  REACH_TRANSACTION_UNSUPPORTED: 'The store has no transactions, or what was given to `in()` is not a transaction.',
  REACH_MESSAGE_NOT_FOUND: 'No message with this id is in the store.',
  REACH_MESSAGE_CONFLICT: 'The message is no longer in a state that allows this: it is being sent, or done.',
  REACH_TASK_CONFLICT: 'The task was changed by somebody else since it was read.',
  REACH_TASK_NOT_FOUND: 'No task with this number is in the store.',
  REACH_TASK_DUPLICATE: 'There is a task with this number already.',
  REACH_TASK_STATE: 'The task is in a state that does not allow this. Names the state and what may be done.',
  REACH_TASK_UNREADABLE: 'A task was written by a newer version of Reachkit.',
  REACH_TRIGGER_INVALID: 'A trigger is wrong. Names the field and what is allowed.',
  REACH_APPROVAL_REFUSED: 'This person may not give this step of an approval: four eyes, or the policy.',
  REACH_APPROVAL_FAILED: 'What was approved could not be archived; nothing was approved. The cause is attached.',
  REACH_SCHEDULE_PAST: 'A schedule has no firing from now on: its time, or its end, has passed.',
  REACH_SPEC_UNSUPPORTED: 'A driver or store was built for another version of the contracts.',
  REACH_STORE_FULL: 'The store has reached its bound and takes no further message.',
  REACH_STORE_UNAVAILABLE: 'The store cannot be reached, or answered with an error; the cause is attached.',
  REACH_SPOOL_FULL: 'The store is away, and the spool has reached its bound or the disk is full.',
  REACH_SPOOL_UNAVAILABLE: 'The directory of the spool cannot be written or read; the cause is attached.',
  REACH_QUERY_UNSUPPORTED: 'This history cannot answer such a filter.',
  REACH_STOPPED: 'Reachkit was stopped, or is stopping, and takes no further message.',
  REACH_DRIVER_FAILED:
    'A driver threw or answered something that is not an outcome. Recorded, never thrown at `notify`.',
  REACH_INTERNAL: 'A defect of Reachkit itself. Please report it.',
} as const

export type ReachErrorCode = keyof typeof errorCodes

/** What Reachkit throws. Ask with `isReachError`, which also knows errors of another copy (ESM beside CJS). */
export class ReachError extends Error {
  override readonly name = 'ReachError'
  readonly code: ReachErrorCode
  readonly 'reachkit.error' = true

  constructor(code: ReachErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(`${code}: ${message}`, options)
    this.code = code
  }
}

/** True for an error of Reachkit, whichever copy of the package made it; with a code, only for that one. */
export function isReachError(error: unknown, code?: ReachErrorCode): error is ReachError {
  if (typeof error !== 'object' || error === null || !('reachkit.error' in error)) return false
  return code === undefined || (error as ReachError).code === code
}
