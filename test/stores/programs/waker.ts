// Notifies once for each message that it gets, and answers when that was accepted.
import { createReach } from '@reachkit/core'
import { storeAt } from '../../support/durable-stores.js'
import type { StorePlace } from '../../support/durable-stores.js'
import { lamp, note } from '../../support/lamp.js'
import { serve, settings } from '../../support/program-parent.js'

const reach = createReach({
  messages: [note],
  channels: { lamp: lamp() },
  store: storeAt(settings() as StorePlace),
  worker: false,
})
await reach.start()
serve(async (text) => {
  await reach.notify('note', { lamp: 'ann' }, { text: String(text) })
  return Date.now()
})
