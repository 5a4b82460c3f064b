// A process that accepts urgent messages while it works off a backlog of bulk messages, all by one driver. It tells how
// long each urgent one took from `notify` to the driver, in whichever process, and how late its event loop ran.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { channel, createReach, message, sent } from '@reachkit/core'
import { z } from 'zod'
import { inFlight } from '../harness/in-flight.js'
import { answer, given } from '../processes/answer.js'
import { openStore } from '../stores/open.js'
import type { StoreName } from '../stores/servers.js'

interface Settings {
  readonly store: StoreName
  readonly url: string
  readonly works: boolean
}

const settings = given as Settings
const people = 10_000
/** What bulk messages were sent, and how long each urgent one took. */
let bulkSent = 0
const urgentMs: number[] = []

/** The same for all processes of a machine. */
function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

const hotline = channel({
  name: 'hotline',
  address: z.string(),
  content: z.object({ text: z.string(), at: z.string() }),
  deliver: async ({ content }) => {
    if (content.at === '') bulkSent += 1
    else urgentMs.push(machineMs() - Number(content.at))
    // Vendors give each message an id of its own, and history finds it by that.
    return sent(`${process.pid}-${bulkSent}-${urgentMs.length}`)
  },
})

declare global {
  interface ReachChannels {
    hotline: typeof hotline
  }
}

const code = message('code.login', {
  data: z.object({ code: z.string(), at: z.string() }),
  priority: 'P0',
  content: { hotline: { text: 'Your code is {{ code }}', at: '{{ at }}' } },
})

const sale = message('sale.spring', {
  data: z.object({ name: z.string(), items: z.array(z.object({ title: z.string(), price: z.number() })) }),
  priority: 'P3',
  content: {
    hotline: {
      text: 'Dear {{ name | capitalize }}, {% for item in items %}{{ item.title | upcase }} at {{ item.price | divided_by: 100.0 | round: 2 }}{% unless forloop.last %}, {% endunless %}{% endfor %}.',
      at: '',
    },
  },
})

const reach = createReach({
  messages: [code, sale],
  channels: { hotline },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { hotline: `address-${id}` } })),
  ...openStore(settings.store, settings.url),
  worker: settings.works,
})

const items = [
  { title: 'paper boat', price: 1_290 },
  { title: 'kite', price: 2_450 },
  { title: 'lantern', price: 990 },
]
let next = 0

answer(
  {
    start: async () => reach.start(),
    fill: async (count: number) =>
      inFlight(2_000, count, async () => {
        const n = next++
        await reach.notify('sale.spring', `user-${n % people}`, { name: `ann ${n}`, items })
      }),
    /** One urgent message each `everyMs`, for so long. */
    urgent: async ({ seconds, everyMs }: { seconds: number; everyMs: number }) => {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      urgentMs.length = 0
      const bulkBefore = bulkSent
      delay.enable()
      const end = machineMs() + seconds * 1_000
      const notified: Promise<unknown>[] = []
      for (let n = 0; machineMs() < end; n++) {
        notified.push(reach.notify('code.login', `user-${n}`, { code: '482913', at: String(machineMs()) }))
        await pause(everyMs)
      }
      await Promise.all(notified)
      delay.disable()
      return { sentFrom: notified.length, delayP99: delay.percentile(99) / 1e6, bulk: bulkSent - bulkBefore }
    },
    times: () => urgentMs,
    /** Sent until now, of the bulk. */
    bulk: () => bulkSent,
  },
  async () => reach.stop({ timeout: '2s' }),
)
