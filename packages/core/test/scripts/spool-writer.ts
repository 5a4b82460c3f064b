// A process whose store is away: it spools as fast as it can, and prints each id that was taken, until it is killed.
// Given: the directory, how `fsync` is set, and a name of its own.
import { channel, createReach, message, sent } from '@reachkit/core'
import { systemClock } from '../../src/clock/system-clock.js'
import { systemRandom } from '../../src/random/system-random.js'
import { z } from 'zod'
import { AwayStore } from '../support/away-store.js'

const [dir = '', fsync = 'always', name = '', most = '1000000000'] = process.argv.slice(2)
const logger = { debug() {}, info() {}, warn() {}, error() {} }
const away = await AwayStore.open({ clock: systemClock, random: systemRandom, logger })
const lamp = channel({
  name: 'lamp',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: async () => sent(),
})
const note = message('note', { data: z.object({ text: z.string() }), content: { lamp: { text: '{{ text }}' } } })
const spool = { dir, fsync: fsync as 'always', maxBytes: Number(most) }
const reach = createReach({ messages: [note], channels: { lamp }, store: away.store, spool })
await reach.start()
away.isAway = true
const padding = 'x'.repeat(300)

async function caller(number: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const text = `${name}/${number}/${count}`
    try {
      const { id, state } = await reach.notify('note', { lamp: text }, { text: `${text} ${padding}` })
      process.stdout.write(`${state} ${id} ${text}\n`)
    } catch (error) {
      process.stdout.write(`refused ${(error as { code: string }).code}\n`)
      return
    }
  }
}
await Promise.all(Array.from({ length: 8 }, async (_, number) => caller(number)))
await reach.stop()
