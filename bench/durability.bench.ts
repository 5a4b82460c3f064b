// What it costs that `notify` answers only once the message would survive the power going off: the rate at which one
// process accepts, against the same store that keeps less. Nobody works the messages off.
import { compare } from './harness.js'
import { Child } from './processes/child.js'
import { cpuMsOf } from './processes/cpu.js'
import { chosenStores, startLaxStores, startStore } from './stores/servers.js'
import type { StoreServer } from './stores/servers.js'

for (const name of chosenStores(['sqlite', 'postgres', 'mysql', 'redis'])) {
  const durable = await startStore(name)
  const keeper = await acceptorOf(durable)
  for (const lax of await startLaxStores(name)) {
    const loser = await acceptorOf(lax)
    const pids = [keeper.pid, durable.pid, loser.pid, lax.pid]
    for (const { row, width, messages } of [
      { row: lax.keeps, width: 50, messages: 10_000 },
      { row: `${lax.keeps}-1000-callers`, width: 1_000, messages: 20_000 },
      { row: `${lax.keeps}-one-by-one`, width: 1, messages: 500 },
    ]) {
      await compare({
        name: `durability/${name}-${row}`,
        messages,
        rounds: 3,
        cpuMs: () => cpuMsOf(pids),
        ours: (count) => keeper.ask('produce', { count, width }),
        peer: (count) => loser.ask('produce', { count, width }),
      })
    }
    await loser.stop()
    await lax.stop()
  }
  await keeper.stop()
  await durable.stop()
}

async function acceptorOf({ name, url, durable }: StoreServer): Promise<Child> {
  const acceptor = new Child('pool/ours.ts', { store: name, url, durable, works: false })
  await acceptor.ask('start')
  return acceptor
}
