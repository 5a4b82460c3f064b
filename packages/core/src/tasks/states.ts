/** What a task is in, as it is stored. An active one is shown as `scheduled` or `running`. */
export type StoredState =
  | 'preparing'
  | 'needs-approval'
  | 'active'
  | 'paused'
  | 'done'
  | 'rejected'
  | 'cancelled'
  | 'failed'

/** What a task is in, as it is shown: `running` while a run of it is not done, else `scheduled`. */
export type TaskState = Exclude<StoredState, 'active'> | 'scheduled' | 'running'

/** What moves a task. */
export type TaskVerb =
  | 'prepared'
  | 'approve'
  | 'reject'
  | 'void'
  | 'pause'
  | 'resume'
  | 'edit'
  | 'resend'
  | 'finish'
  | 'cancel'
  | 'fail'

type Moves = { readonly [From in StoredState]: { readonly [Verb in TaskVerb]?: StoredState } }

/**
 * Every move that there is; drawn in `docs/tasks.md`, which a test holds equal to this. What is prepared, approved or
 * resumed goes to where it would stand without that: `active` here may still be `needs-approval`, where something is
 * left to approve.
 */
export const moves: Moves = {
  preparing: { prepared: 'active', cancel: 'cancelled', fail: 'failed' },
  'needs-approval': {
    approve: 'active',
    reject: 'rejected',
    edit: 'needs-approval',
    cancel: 'cancelled',
    fail: 'failed',
  },
  active: {
    pause: 'paused',
    void: 'needs-approval',
    edit: 'active',
    resend: 'active',
    finish: 'done',
    cancel: 'cancelled',
    fail: 'failed',
  },
  paused: {
    resume: 'active',
    void: 'needs-approval',
    edit: 'paused',
    resend: 'paused',
    cancel: 'cancelled',
    fail: 'failed',
  },
  done: { resend: 'done' },
  rejected: {},
  cancelled: {},
  failed: {},
}

/** The states that nothing leads out of. */
export function isEnded(state: StoredState | TaskState): boolean {
  return state === 'done' || state === 'rejected' || state === 'cancelled' || state === 'failed'
}
