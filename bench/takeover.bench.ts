// From kill -9 of a worker that held a message in the hands of its driver until another one sends that message again.
import { setTimeout as pause } from 'node:timers/promises'
import { withinLimit } from './harness.js'
import { Child } from './processes/child.js'
import { chosenStores, startStore } from './stores/servers.js'
import type { StoreServer } from './stores/servers.js'

for (const store of chosenStores(['redis', 'postgres', 'sqlite'])) {
  const server = await startStore(store)
  for (const [row, key, limit] of [
    ['', 'takeover.bulk', 6_000],
    ['-p0', 'takeover.urgent', 3_000],
  ] as const) {
    const measure = async () => ({ value: await takeoverMs(server, key) })
    await withinLimit({ name: `takeover/${store}${row}`, unit: 'ms', limit, rounds: 2, measure })
  }
  await server.stop()
}

async function takeoverMs({ name, url }: StoreServer, key: string): Promise<number> {
  const victim = new Child('takeover/app.ts', { store: name, url, victim: true })
  await victim.ask('start')
  const held = attempt(victim)
  await victim.ask('notify', key)
  await held
  const heir = new Child('takeover/app.ts', { store: name, url, victim: false })
  await heir.ask('start')
  // Somewhere in the life of a lease.
  await pause(500 + Math.random() * 1_000)
  const again = attempt(heir)
  await victim.kill()
  const start = performance.now()
  await Promise.race([again, pause(20_000)])
  const tookMs = performance.now() - start
  await heir.stop()
  return tookMs
}

function attempt(child: Child): Promise<void> {
  return new Promise((resolve) => {
    child.onEvent = () => resolve()
  })
}
