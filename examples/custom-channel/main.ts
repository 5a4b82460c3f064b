// A channel and a provider of one's own, against a service on this machine that answers 200, 400, 422, 429 and 500.
import assert from 'node:assert/strict'
import { createReach, message, preview, weighted } from '@reachkit/core'
import { z } from 'zod'
import { acmeMail } from './acme-mail.js'
import { pager } from './pager.js'
import { startVendor } from './vendor.js'

const retryOptions = { base: '20ms' } as const // so that nobody waits; it is a second unless told

const alarm = message('alarm', {
  data: z.object({ server: z.string() }),
  priority: 'P0',
  content: { pager: { text: '{{ server }} is down' } },
  retry: retryOptions,
})

const welcome = message('welcome', {
  data: z.object({ name: z.string() }),
  content: { email: { subject: 'Welcome, {{ name }}', text: 'Hello {{ name }}', html: '<p>Hello {{ name }}</p>' } },
  retry: retryOptions,
})

const vendor = await startVendor()
const printed: string[] = []
const acme = acmeMail({ url: `${vendor.url}/mail`, apiKey: 'not a secret' })
const reach = createReach({
  messages: [alarm, welcome],
  channels: {
    pager: pager(`${vendor.url}/page`),
    // Half of the mails are printed instead of sent.
    email: weighted(
      [acme, 50],
      [preview('email', { writer: { write: (text) => printed.push(text) }, html: ['html'] }), 50],
    ),
  },
})

console.log('── a channel of our own')
assert.equal((await page('4711')).outcome, 'sent')
console.log('200: sent')

assert.equal((await page('slow-down')).outcome, 'sent')
assert.equal(new Set(requestsTo('slow-down').map(({ key }) => key)).size, 1)
console.log('429, then 200: tried again with the same key, and sent')

const refused = await page('nobody')
assert.deepEqual([refused.outcome, refused.reason?.code], ['rejected', 'provider-rejected'])
console.log('400: rejected, and not tried again')

const held = await page('broken')
assert.equal(held.state, 'held')
assert.equal(requestsTo('broken').length, 1)
assert.deepEqual(
  (await reach.held()).rows.map(({ id }) => id),
  [held.id],
)
console.log('500: nobody knows whether it went out, so it is held and not sent twice')

await reach.receipts.record([{ messageId: held.id, channel: 'pager', kind: 'delivered' }])
assert.equal((await reach.get(held.id))?.outcome, 'sent')
console.log('a receipt came: it was sent')

console.log('\n── a provider of our own, 50 to 50 with a preview')
await reach.weights.set('email', { acme: 100, preview: 0 })
assert.equal((await mail('broken@mail.example')).outcome, 'sent')
assert.equal(new Set(requestsTo('broken@mail.example').map(({ key }) => key)).size, 1)
console.log('500, then 200: acme deduplicates, so the mail is sent again with the same key')

assert.equal((await mail('slow-down@mail.example')).outcome, 'sent')
assert.equal(requestsTo('slow-down@mail.example').length, 1)
assert.match(printed.at(-1) ?? '', /^email to slow-down@mail.example/)
console.log('429: certainly not sent, so the other provider sends it')

const noMailbox = await mail('nobody@mail.example')
assert.deepEqual([noMailbox.outcome, noMailbox.reason?.code], ['rejected', 'address-invalid'])
assert.equal(requestsTo('nobody@mail.example').length, 1)
console.log('422: the address is dead, so no other provider is tried')

await reach.weights.set('email', { acme: 50, preview: 50 })
const before = { acme: requestsTo('@many.example').length, preview: printed.length }
await Promise.all(Array.from({ length: 200 }, (_, index) => mail(`person.${index}@many.example`)))
const split = { acme: requestsTo('@many.example').length - before.acme, preview: printed.length - before.preview }
assert.equal(split.acme + split.preview, 200)
// By chance it is less than 50 of 200 once in 10^13 runs.
assert.ok(Math.min(split.acme, split.preview) >= 50, JSON.stringify(split))
console.log(`of 200 mails acme got ${split.acme}, and ${split.preview} were printed, such as:\n${printed.at(-1)}`)
assert.match(printed.at(-1) ?? '', /^email to person\.\d+@many\.example: welcome .+\n {2}subject: Welcome, Ann & Ben\n/)
assert.match(printed.at(-1) ?? '', /html: <p>Hello Ann &amp; Ben<\/p>\n/)

await reach.stop()
await vendor.stop()
console.log('checked: every outcome is as the service answered it, and nothing was sent twice')

async function page(number: string) {
  const accepted = await reach.notify('alarm', { pager: number }, { server: 'db-1' })
  return accepted.settled()
}

async function mail(email: string) {
  const accepted = await reach.notify('welcome', { email }, { name: 'Ann & Ben' })
  return accepted.settled()
}

function requestsTo(address: string) {
  return vendor.requests.filter(({ to }) => to.endsWith(address))
}
