import type { Duration, Reach } from '@reachkit/core'

/** An app's `reach` as the command line knows it: of which channels and messages is told only when it runs. */
export interface AppReach {
  readonly tasks: Reach<Record<string, unknown>, Record<string, Record<string, unknown>>, never>['tasks']
  readonly stop: (options?: { readonly timeout?: Duration | undefined }) => Promise<void>
}

export function isAppReach(value: unknown): value is AppReach {
  if (typeof value !== 'object' || value === null || !('tasks' in value) || !('stop' in value)) return false
  const { tasks, stop } = value
  return typeof stop === 'function' && typeof tasks === 'object' && tasks !== null && 'create' in tasks
}
