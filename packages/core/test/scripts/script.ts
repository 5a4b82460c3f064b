// A script of an app, run in a process of its own: `node --import tsx script.ts <what>`. It prints what happens.
import { channel, createReach, message, retry, sent } from '@reachkit/core'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

let attempts = 0
const what = process.argv[2] ?? ''
const lamp = channel({
  name: 'lamp',
  address: z.string(),
  content: z.object({ text: z.string() }),
  async deliver() {
    attempts += 1
    if (what === 'retried' && attempts === 1) return retry()
    if (what === 'slow') await wait(400, undefined, { ref: false })
    console.log('sent')
    return sent()
  },
})
const ping = message('ping', { content: { lamp: { text: 'x' } }, retry: { base: '200ms' } })
const reach = createReach({ messages: [ping], channels: { lamp } })

const scripts: Readonly<Record<string, () => Promise<unknown>>> = {
  settled: async () => {
    const accepted = await reach.notify('ping', { lamp: 'a' })
    console.log((await accepted.settled()).outcome)
  },
  slow: async () => {
    const accepted = await reach.notify('ping', { lamp: 'a' })
    console.log((await accepted.settled()).outcome)
  },
  forgotten: async () => reach.notify('ping', { lamp: 'a' }),
  retried: async () => reach.notify('ping', { lamp: 'a' }),
  soon: async () => reach.notify('ping', { lamp: 'a' }, undefined, { after: '300ms' }),
  tomorrow: async () => reach.notify('ping', { lamp: 'a' }, undefined, { after: '1d' }),
  started: async () => reach.start(),
  stopped: async () => {
    await (await reach.notify('ping', { lamp: 'a' })).settled()
    await reach.notify('ping', { lamp: 'a' }, undefined, { after: '1h' })
    await reach.stop()
    await new Promise((resolve) => setImmediate(resolve))
    console.log(
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length,
      'left',
    )
  },
}
await scripts[what]?.()
