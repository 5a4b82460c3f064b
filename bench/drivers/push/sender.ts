import { randomBytes } from 'node:crypto'
import type { PushAddress, PushContent } from '@reachkit/channel-push'
import { memoryStore } from '@reachkit/core'
import type { AnyChannel, ChannelDriver, DeliveryContext, DeliveryRequest, State } from '@reachkit/core/spec'

/** What is sent: the bench message as a notification. */
export const content: PushContent = {
  title: 'Order A1 is paid',
  body: 'Thank you, Ann: we have received 99.00 for the order A1, and send it on Monday.',
  data: { order: 'A1' },
}

type PushDriver = ChannelDriver<PushAddress, PushContent>

/** The driver alone: what core does around it is measured elsewhere. */
export interface Sender {
  send(to: PushAddress): Promise<void>
  close(): Promise<void>
}

export async function createSender({ drivers }: Pick<AnyChannel, 'drivers'>): Promise<Sender> {
  const driver = drivers[0]?.driver as unknown as PushDriver
  const state = await createState()
  let next = 0
  return {
    async send(to) {
      const outcome = await driver.deliver(requestOf((next += 1), to), contextOf(state))
      if (outcome.kind !== 'sent') throw new Error(`${outcome.kind}: ${outcome.reason}`)
    },
    close: async () => driver.close?.(),
  }
}

const clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  setTimer(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs).unref()
    return () => clearTimeout(timer)
  },
}
const random = { bytes: randomBytes }
const logger = { debug() {}, info() {}, warn() {}, error() {} }

async function createState(): Promise<State> {
  return (await memoryStore().open({ clock, random, logger } as never)).state
}

function requestOf(index: number, to: PushAddress): DeliveryRequest<PushAddress, PushContent> {
  const id = `0ht4k9x2${index}.0`
  const fixed = { tenant: 'default', type: 'order.paid', lane: 'P3', purpose: 'transactional', attempt: 1 } as const
  return { ...fixed, id, to, content, recipient: { id: `user-${index}` }, idempotencyKey: `${id}.push.u4` }
}

/** With a signal of its own, as where each message has its own deadline. */
function contextOf(state: State): DeliveryContext {
  const { signal } = new AbortController()
  return { signal, clock, random, logger, state, fetch, report() {} } as unknown as DeliveryContext
}
