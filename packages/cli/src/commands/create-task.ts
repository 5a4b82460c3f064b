import type { TaskHandle } from '@reachkit/core'
import type { AppReach } from '../app/app-reach.js'

type Options = Parameters<AppReach['tasks']['create']>[0]

/** Plans what was asked for; core says what is wrong with it. */
export async function createTask(
  reach: AppReach,
  asked: Readonly<Record<string, unknown>>,
  by: string | undefined,
): Promise<TaskHandle> {
  return reach.tasks.create({ by, ...asked } as unknown as Options)
}
