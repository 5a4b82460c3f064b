// Urgent messages from `notify` to the driver, while the same two processes work off a backlog of bulk messages with
// Liquid content as fast as they can, all by one driver. 60,000 of them unless `--waiting` says otherwise.
import { setTimeout as pause } from 'node:timers/promises'
import { settings, withinLimit } from './harness.js'
import { percentile } from './harness/statistics.js'
import { Child } from './processes/child.js'
import { chosenStores, startStore } from './stores/servers.js'
import type { StoreName } from './stores/servers.js'

const backlog = settings.waiting ?? 60_000
const seconds = 6
const everyMs = 20

interface Urgent {
  readonly sentFrom: number
  readonly delayP99: number
  readonly bulk: number
}

for (const store of chosenStores(['redis', 'postgres', 'sqlite'])) {
  const measured = await measure(store)
  for (const [row, limit, value] of [
    ['p99', 100, measured.p99],
    ['event-loop-p99', 20, measured.delayP99],
  ] as const) {
    await withinLimit({ name: `priority/${store}-${row}`, unit: 'ms', limit, rounds: 1, measure: () => ({ value }) })
  }
  if (!settings.json)
    console.error(
      `${store}: ${measured.bulkPerSecond.toFixed(0)} bulk messages a second beside ${measured.urgent} urgent ones`,
    )
}

async function measure(store: StoreName) {
  const server = await startStore(store)
  const given = { store, url: server.url }
  const filler = new Child('priority/app.ts', { ...given, works: false })
  await filler.ask('fill', backlog)
  await filler.stop()
  const apps = [
    new Child('priority/app.ts', { ...given, works: true }),
    new Child('priority/app.ts', { ...given, works: true }),
  ]
  for (const app of apps) await app.ask('start')
  // Both at work, with their code compiled.
  await pause(1_500)
  const runs = await Promise.all(apps.map((app) => app.ask<Urgent>('urgent', { seconds, everyMs })))
  const expected = runs.reduce((sum, { sentFrom }) => sum + sentFrom, 0)
  let times: readonly number[] = []
  const deadline = performance.now() + 15_000
  while (times.length < expected && performance.now() < deadline) {
    await pause(50)
    times = (await Promise.all(apps.map((app) => app.ask<number[]>('times')))).flat()
  }
  if (times.length < expected) console.error(`${store}: only ${times.length} of ${expected} urgent messages were sent.`)
  for (const app of apps) await app.kill()
  await server.stop()
  const bulk = runs.reduce((sum, each) => sum + each.bulk, 0)
  return {
    p99: percentile(times, 99),
    delayP99: Math.max(...runs.map(({ delayP99 }) => delayP99)),
    bulkPerSecond: bulk / seconds,
    urgent: times.length,
  }
}
