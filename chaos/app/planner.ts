// A process that creates the task of a run, pauses and resumes it, and tells how it stands.
import type { TaskHandle } from '@reachkit/core'
import { isReachError } from '@reachkit/core/spec'
import { setTimeout as wait } from 'node:timers/promises'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { everyone } from './everyone.js'
import { startApp } from './from-settings.js'
import type { ProcessSettings } from './settings.js'

export interface PlannerAsk {
  readonly kind: 'create' | 'pause' | 'resume' | 'report'
  readonly n: number
  readonly number: string
  readonly count: number
  readonly pageSize: number
}

export interface PlannerAnswer {
  readonly n: number
  /** `done`; `exists` for a task that is there; a report as JSON. */
  readonly text: string
}

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings
const app = await startApp(settings, false)
const audience = everyone(settings.sinkPort, settings.worker)
const text = 'x'.repeat(200)

async function create({ number, count, pageSize }: PlannerAsk): Promise<string> {
  try {
    const data = { batch: 0, text }
    await app.tasks.create({ number, message: 'chaos.note', audience: audience({ count, pageSize }), data })
    return 'done'
  } catch (error) {
    if (isReachError(error, 'REACH_TASK_DUPLICATE')) return 'exists'
    throw error
  }
}

/** What was done by a call that got no answer cannot be done again. */
async function moved(move: () => Promise<unknown>): Promise<string> {
  try {
    await move()
  } catch (error) {
    if (!isReachError(error, 'REACH_TASK_STATE')) throw error
  }
  return 'done'
}

async function answer(ask: PlannerAsk): Promise<string> {
  if (ask.kind === 'create') return create(ask)
  const task: TaskHandle = await app.tasks.get(ask.number)
  if (ask.kind === 'report') return JSON.stringify(await task.report())
  return moved(() => task[ask.kind as 'pause' | 'resume']({ by: settings.worker }))
}

/** A store that is away is asked again until it is back. */
async function work(ask: PlannerAsk): Promise<void> {
  for (;;) {
    try {
      return tellParent({ n: ask.n, text: await answer(ask) } satisfies PlannerAnswer)
    } catch (error) {
      if (!isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
      await wait(100)
    }
  }
}

process.on('message', (ask: PlannerAsk) => void work(ask))
process.once('SIGTERM', () => {
  void app.stop({ timeout: '5s' }).finally(() => process.exit(0))
})
tellParent({ kind: 'started' })
