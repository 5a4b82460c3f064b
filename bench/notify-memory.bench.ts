// Reachkit from `notify` to settled, on the memory store and a channel that succeeds at once, against the bare `send` of
// notifme-sdk, which stores nothing, checks nothing and renders nothing. With --profile: where our time goes.
import { compare, inFlight, settings } from './harness.js'
import { sendOnce } from './notify-memory/notifme.js'
import { notifyOnce, reach } from './notify-memory/ours.js'
import { printProfile } from './notify-memory/profile.js'

for (const { name, width } of [
  { name: 'notify-memory/notifme-sdk', width: 50 },
  { name: 'notify-memory/notifme-sdk-one-by-one', width: 1 },
]) {
  if (settings.profile) await printProfile(width, settings.messages ?? 30_000)
  else {
    await compare({
      name,
      atLeast: 1,
      messages: 20_000,
      ours: async (messages) => inFlight(width, messages, notifyOnce),
      peer: async (messages) => inFlight(width, messages, sendOnce),
    })
  }
}
await reach.stop()
