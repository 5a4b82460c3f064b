// Notifies the keys that it is told, all at once, and answers what it was told of each.
import { createReach } from '@reachkit/core'
import { storeAt } from '../../support/durable-stores.js'
import type { StorePlace } from '../../support/durable-stores.js'
import { lamp, note } from '../../support/lamp.js'
import { notifyKeys } from '../../support/notify-keys.js'
import { serve, settings } from '../../support/program-parent.js'

const reach = createReach({
  messages: [note],
  channels: { lamp: lamp() },
  store: storeAt(settings() as StorePlace),
  worker: false,
})
await reach.start()
serve(async (keys) => notifyKeys(reach, keys as readonly string[]))
