// Reachkit from `notify` to settled, on the memory store and a channel that succeeds at once, against the bare `send` of
// notifme-sdk, which stores nothing, checks nothing and renders nothing.
import { compare, inFlight } from './harness.js'
import { sendOnce } from './notify-memory/notifme.js'
import { notifyOnce, reach } from './notify-memory/ours.js'

for (const { name, width, atLeast } of [
  { name: 'notify-memory/notifme-sdk', width: 50, atLeast: 1 },
  { name: 'notify-memory/notifme-sdk-one-by-one', width: 1, atLeast: 1 },
]) {
  await compare({
    name,
    atLeast,
    messages: 20_000,
    ours: async (messages) => inFlight(width, messages, notifyOnce),
    peer: async (messages) => inFlight(width, messages, sendOnce),
  })
}
await reach.stop()
