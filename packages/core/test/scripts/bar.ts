// A script that waits for a task with a bar, whose standard error says that it is a terminal where it is told `terminal`.
import { channel, createReach, message, sent } from '@reachkit/core'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

const [terminal, delay = '0'] = process.argv.slice(2)
if (terminal === 'terminal') Object.assign(process.stderr, { isTTY: true, columns: 100 })

const lamp = channel({
  name: 'lamp',
  address: z.string(),
  content: z.object({ text: z.string() }),
  async deliver() {
    await wait(Number(delay))
    return sent()
  },
})
const ping = message('ping', { content: { lamp: { text: 'x' } } })
const reach = createReach({ messages: [ping], channels: { lamp } })
const audience = Array.from({ length: 100 }, (_, index) => ({ id: `u${index}`, lamp: `lamp ${index}` }))
const task = await reach.tasks.create({ number: 'spring', message: 'ping', audience })
const { messages } = await task.done({ bar: true })
console.log(JSON.stringify(messages))
