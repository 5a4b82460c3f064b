// The SMTP driver against bare nodemailer: the same mails over the same pool of 20 connections to a server in a process of
// its own, many at once and one by one. The server takes its part of the machine: the CPU column says more than the rate.
import { compare, inFlight } from './harness.js'
import { createBare } from './smtp/bare.js'
import { createOurs } from './smtp/ours.js'
import { startSink } from './smtp/start-sink.js'

const sink = await startSink()
const ours = createOurs(sink.port)
const bare = createBare(sink.port)

for (const { name, width, messages, atLeast } of [
  { name: 'smtp/nodemailer', width: 20, messages: 3_000, atLeast: 2 },
  { name: 'smtp/nodemailer-one-by-one', width: 1, messages: 500, atLeast: 0.9 },
]) {
  await compare({
    name,
    atLeast,
    messages,
    of: 'mails',
    ours: async (count) => inFlight(width, count, ours.send),
    peer: async (count) => inFlight(width, count, bare.send),
  })
}
await ours.close()
await bare.close()
sink.stop()
