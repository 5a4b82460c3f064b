// A worker that tells its parent of each attempt, and that answers none of them where it is the victim.
import { channel, createReach, message, sent } from '@reachkit/core'
import { z } from 'zod'
import { answer, given, tell } from '../processes/answer.js'
import { openStore } from '../stores/open.js'
import type { StoreName } from '../stores/servers.js'

interface Settings {
  readonly store: StoreName
  readonly url: string
  readonly victim: boolean
}

const settings = given as Settings
const never = new Promise<never>(() => {})

const lifeline = channel({
  name: 'lifeline',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: async () => {
    tell('attempt')
    return settings.victim ? never : sent('line-1')
  },
})

declare global {
  interface ReachChannels {
    lifeline: typeof lifeline
  }
}

const content = { lifeline: { text: '{{ text }}' } }
const data = z.object({ text: z.string() })
const urgent = message('takeover.urgent', { data, content, priority: 'P0', onUnknown: 'resend' })
const bulk = message('takeover.bulk', { data, content, priority: 'P3', onUnknown: 'resend' })

const reach = createReach({
  messages: [urgent, bulk],
  channels: { lifeline },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { lifeline: `address-${id}` } })),
  ...openStore(settings.store, settings.url),
})

answer(
  {
    start: async () => reach.start(),
    notify: async (key: 'takeover.urgent' | 'takeover.bulk') =>
      void (await reach.notify(key, 'user-1', { text: 'one' })),
  },
  async () => reach.stop({ timeout: '1s' }),
)
