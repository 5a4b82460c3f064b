// A task over a million recipients in two processes, each of which reads its audience and sends: how long it takes, how
// much memory they have, how urgent messages fare meanwhile, and how a small task does beside a large one.
// 100,000 recipients unless `--size` says otherwise; the limit of time is for a million, and goes with the size.
import { bundle } from '../test/support/bundle.js'
import { settings, withinLimit } from './harness.js'
import { percentile } from './harness/statistics.js'
import { Child } from './processes/child.js'
import { chosenStores, startStore } from './stores/servers.js'
import type { StoreName } from './stores/servers.js'
import { memoryOf } from './task/memory-of.js'

const programs = await bundle(['bench/task/app.ts'])
const size = settings.size ?? 100_000
const flat = 100_000
const limitSeconds = { redis: 45, postgres: 45, mysql: 45, sqlite: 60 } as const

interface Ended {
  readonly ms: number
  readonly state: string
  readonly why?: string
  readonly messages: { readonly sent?: number }
}

for (const store of chosenStores(['redis', 'postgres', 'sqlite'])) {
  const small = size > flat ? await run(store, flat) : undefined
  const large = await run(store, size)
  await row(store, `${size}-wall`, 's', (limitSeconds[store] * size) / 1_000_000, large.ms / 1_000)
  await row(
    store,
    'messages-per-second',
    'messages/s',
    1_000_000 / limitSeconds[store],
    (size * 1_000) / large.ms,
    'least',
  )
  await row(store, 'reader-peak', 'MB', 256, large.reader.peak)
  await row(store, 'reader-final', 'MB', 256, large.reader.now)
  await row(store, 'worker-peak', 'MB', 256, large.worker.peak)
  await row(store, 'worker-final', 'MB', 256, large.worker.now)
  if (small !== undefined) {
    await row(store, 'reader-growth', 'times the memory', 1.15, large.reader.peak / small.reader.peak)
    await row(store, 'worker-growth', 'times the memory', 1.15, large.worker.peak / small.worker.peak)
  }
  await row(store, 'urgent-p99', 'ms', 100, large.urgentP99)
  await row(store, 'small-beside-large', 'times the time alone', 2, await besideLarge(store))
}

await programs.remove()

async function row(
  store: StoreName,
  name: string,
  unit: string,
  limit: number,
  value: number,
  kind: 'most' | 'least' = 'most',
): Promise<void> {
  await withinLimit({ name: `task/${store}-${name}`, unit, limit, kind, rounds: 1, measure: () => ({ value }) })
}

/** One task in fresh processes on a fresh store. */
async function run(store: StoreName, count: number) {
  const server = await startStore(store)
  const apps = await startApps(store, server.url)
  const [reader, worker] = apps
  const task = reader.ask<Ended>('task', { size: count, tenant: 'default', number: 'large' })
  const urgent = { everyMs: 20, seconds: 4 }
  await new Promise((resolve) => setTimeout(resolve, 500))
  await worker.ask('urgent', { everyMs: urgent.everyMs, count: (urgent.seconds * 1_000) / urgent.everyMs })
  const ended = await task
  assertSent(ended, count)
  const times = (await Promise.all(apps.map((app) => app.ask<number[]>('times')))).flat()
  const measured = {
    ms: ended.ms,
    reader: memoryOf(reader.pid),
    worker: memoryOf(worker.pid),
    urgentP99: percentile(times, 99),
  }
  for (const app of apps) await app.kill()
  await server.stop()
  return measured
}

/** A task of one tenant beside one of another that is a hundred times larger: how many times the time that it takes alone. */
async function besideLarge(store: StoreName): Promise<number> {
  const server = await startStore(store)
  const [reader, worker] = await startApps(store, server.url)
  const few = Math.max(1_000, Math.min(5_000, size / 100))
  // Once, so that the code is compiled.
  assertSent(await reader.ask<Ended>('task', { size: few, tenant: 'small', number: 'warm' }), few)
  const alone = await reader.ask<Ended>('task', { size: few, tenant: 'small', number: 'alone' })
  const large = worker.ask<Ended>('task', { size: few * 100, tenant: 'large', number: 'large' })
  large.catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const beside = await reader.ask<Ended>('task', { size: few, tenant: 'small', number: 'beside' })
  assertSent(beside, few)
  await worker.kill()
  await reader.kill()
  await server.stop()
  return beside.ms / alone.ms
}

async function startApps(store: StoreName, url: string): Promise<readonly [Child, Child]> {
  const reader = new Child(programs.path('app'), { store, url })
  const worker = new Child(programs.path('app'), { store, url })
  // One after the other: the first one makes the tables.
  await reader.ask('start')
  await worker.ask('start')
  return [reader, worker]
}

function assertSent({ state, why, messages }: Ended, count: number): void {
  if (state === 'done' && messages.sent === count) return
  throw new Error(
    `The task ended as ${state} (${why ?? 'no reason'}) with ${JSON.stringify(messages)}, not ${count} sent.`,
  )
}
