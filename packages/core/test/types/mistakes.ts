// Mistakes, numbered, each one an error in the line below its comment. `../compiler-messages.test.ts` takes the
// directives away and compares what the compiler then says, the innermost line of it, with the sentence after the colon.
// Three dots stand for a part that is not compared.
import { z } from 'zod'
import { channel, driver, failover, weighted } from '../../src/channel/index.js'
import { message } from '../../src/message/index.js'
import { all, firstOf, split } from '../../src/route/index.js'
import { sent } from '../../src/spec/index.js'
import { createReach, late, orderPaid, reach } from './app.js'
import { acme, feed, memory, smtp, sqlite, zenith, type SqlTransaction } from './channels.js'

/** How many there are; for the type tests, which see each of them by importing this. */
export declare const mistakes: number
declare const transaction: SqlTransaction
const mail = smtp({ url: '', from: '' })
const text = acme({ key: '' })
const order = z.object({ a: z.string() })

// -- notify

// @ts-expect-error 1 a wrong key: Argument of type '"order.pay"' is not assignable to parameter of type '"order.paid" | "late" | "ping"'.
await reach.notify('order.pay', 'u1', { orderId: 'A1', amount: '1' })

// @ts-expect-error 2 a missing field: Property 'amount' is missing in type '{ orderId: string; }' but required in type '{ orderId: string; amount: string; }'.
await reach.notify('order.paid', 'u1', { orderId: 'A1' })

// @ts-expect-error 3 an extra field: Object literal may only specify known properties, and 'oops' does not exist in type '{ orderId: string; amount: string; }'.
await reach.notify('order.paid', 'u1', { orderId: 'A1', amount: '1', oops: 1 })

// @ts-expect-error 4 no data: Expected 3-4 arguments, but got 2.
await reach.notify('order.paid', 'u1')

// @ts-expect-error 5 a field of another type: Type 'number' is not assignable to type 'string'.
await reach.notify('order.paid', 'u1', { orderId: 1, amount: '1' })

// @ts-expect-error 6 an unknown option: Object literal may only specify known properties, and 'att' does not exist in type 'NotifyOptions'.
await reach.notify('order.paid', 'u1', { orderId: 'A1', amount: '1' }, { att: new Date() })

// @ts-expect-error 7 an address of a channel that is not wired: Object literal may only specify known properties, and 'mial' does not exist in type 'Receivers | InlineRecipient<{ readonly mail?: string | undefined; ... }> ...'.
await reach.notify('order.paid', { mial: 'x' }, { orderId: 'A1', amount: '1' })

// @ts-expect-error 8 data for a type that takes none: Type 'string' is not assignable to type 'Problem<"this message type takes no data">'.
await reach.notify('ping', 'u1', { orderId: 'A1' })

// @ts-expect-error 9 a date as text: Type 'string' is not assignable to type 'Date'.
await reach.notify('ping', 'u1', {}, { at: '2026-01-01' })

// -- routes

// @ts-expect-error 10 a route naming a channel without content: ... but required in type 'Problem<"route names 'mail', which has no content">'.
export const m10 = message('m10', { content: { text: { text: 'x' } }, route: all('text', 'mail') })

// @ts-expect-error 11 the same, nested: ... but required in type 'Problem<"route names 'mail', which has no content">'.
export const m11 = message('m11', { content: { text: { text: 'x' } }, route: all('text', firstOf('mail')) })

// @ts-expect-error 12 one channel without content: Type '"mail"' is not assignable to type '... Problem<"route names 'mail', which has no content">'.
export const m12 = message('m12', { content: { text: { text: 'x' } }, route: 'mail' })

// @ts-expect-error 13 a channel that does not exist: Argument of type '"mial"' is not assignable to parameter of type 'KnownChannelOrRoute'.
export const r13 = firstOf('text', 'mial')

// @ts-expect-error 14 a route without a leg: Expected at least 1 arguments, but got 0.
all()

// @ts-expect-error 15 a weight that is text: Type 'string' is not assignable to type 'number'.
split(['text', '70'])

// @ts-expect-error 16 a number as a leg: Argument of type '3' is not assignable to parameter of type 'KnownChannelOrRoute'.
firstOf('text', 3)

// @ts-expect-error 17 a wait without a time: Property 'within' is missing in type '{}' but required in type '...'.
firstOf('text', 'mail').unless('delivered', {})

// -- content

// @ts-expect-error 18 an unknown channel: Object literal may only specify known properties, and 'text' does not exist in type 'Problem<"'texts' is no channel: import its package, or add it to ReachChannels">'.
export const m18 = message('m18', { content: { texts: { text: 'x' } } })

// @ts-expect-error 19 a field by another name: Type 'string' is not assignable to type 'Problem<"content.text has no such field">'.
export const m19 = message('m19', { content: { text: { txt: 'x' } } })

// @ts-expect-error 20 an extra field: Type 'string' is not assignable to type 'Problem<"content.mail has no such field">'.
export const m20 = message('m20', { content: { mail: { subject: 'x', htlm: 'y' } } })

// @ts-expect-error 21 a field of another type: Type 'number' is not assignable to type 'string'.
export const m21 = message('m21', { content: { mail: { subject: 7 } } })

// @ts-expect-error 22 a function whose answer lacks a field: Property 'subject' is missing in type '{ html: string; }' but required in type 'MailContent'.
export const m22 = message('m22', { data: order, content: { mail: (d) => ({ html: d.a }) } })

// @ts-expect-error 23 a function that reads an unknown field: Property 'b' does not exist on type '{ a: string; }'.
export const m23 = message('m23', { data: order, content: { mail: (d) => ({ subject: d.b }) } })

// @ts-expect-error 24 a value that the channel does not know: Type '"mid"' is not assignable to type '"low" | "high"'.
export const m24 = message('m24', { content: { beeper: { text: 'x', level: 'mid' } } })

// @ts-expect-error 25 an unknown variable: Type 'string' is not assignable to type 'Problem<"{{ b }} is not a field of data"> ...'.
export const m25 = message('m25', { data: order, content: { mail: { subject: 'Order {{ b }}' } } })

// @ts-expect-error 26 an unknown variable, deep inside: Type 'string' is not assignable to type 'Problem<"{{ b }} is not a field of data"> ...'.
export const m26 = message('m26', { content: { text: { text: '', vendors: { acme: { template: '{{ b }}' } } } } })

// @ts-expect-error 27 a variable where there is no data: Type 'string' is not assignable to type 'Problem<"{{ a }} is not a field of data"> ...'.
export const m27 = message('m27', { content: { mail: { subject: '{{ a }}' } } })

// @ts-expect-error 28 a vendor's template of another type: Type 'number' is not assignable to type 'string'.
export const m28 = message('m28', { content: { text: { text: 'x', vendors: { acme: { template: 3 } } } } })

// -- message types

// @ts-expect-error 29 data that is no JSON: ... but required in type 'Problem<"data is stored as JSON: no Date, bigint, Map, Set or function; for a date use z.iso.datetime()">'.
export const m29 = message('m29', { data: z.object({ at: z.date() }), content: { text: { text: '' } } })

// @ts-expect-error 30 an unknown option: Object literal may only specify known properties, but 'prority' does not exist in type 'MessageOptions<...>'. Did you mean to write 'priority'?
export const m30 = message('m30', { content: { text: { text: '' } }, prority: 'P1' })

// @ts-expect-error 31 a ttl that is no duration: Type '"2 hours"' is not assignable to type '`${number}ms` | `${number}s` | `${number}m` ...'.
export const m31 = message('m31', { content: { text: { text: '' } }, ttl: '2 hours' })

// @ts-expect-error 32 a priority that does not exist: Type '"P9"' is not assignable to type '...'.
export const m32 = message('m32', { content: { text: { text: '' } }, priority: 'P9' })

// @ts-expect-error 33 a dedupe key of an unknown field: Property 'b' does not exist on type '{ a: string; }'.
export const m33 = message('m33', { data: order, content: { text: { text: '' } }, dedupe: (d) => d.b })

// -- channels

channel({
  name: 'x',
  address: z.string(),
  content: z.object({ text: z.string() }),
  // @ts-expect-error 34 a driver that reads unknown content: Property 'nope' does not exist on type '{ text: string; }'.
  deliver: async ({ content }) => sent(content.nope),
})

channel({
  name: 'x',
  address: z.string(),
  content: z.object({ text: z.string() }),
  // @ts-expect-error 35 an answer that is no outcome: Type '{ ok: boolean; }' is not assignable to type 'DeliveryOutcome'.
  deliver: async () => ({ ok: true }),
})

// @ts-expect-error 36 a driver that reads an unknown field of a known channel: Property 'subject' does not exist on type 'TextContent'.
driver('text', { provider: 'mine', deliver: async ({ content }) => sent(content.subject) })

// @ts-expect-error 37 a split among providers of two channels: Type '"mail"' is not assignable to type '"text"'.
weighted([acme({ key: '' }), 70], [mail, 30])

// @ts-expect-error 38 a standby of another channel: Type '"text"' is not assignable to type '"mail"'.
failover(mail, zenith({ key: '' }))

// -- createReach

// @ts-expect-error 39 a channel that is not wired: Type '...' is missing the following properties from type 'ToBeWired<"text" | "beeper">': text, beeper
createReach({ messages: [orderPaid, late], channels: { mail, feed: feed() } })

// @ts-expect-error 40 a channel under another name: ... but required in type 'Problem<"this is the channel 'mail'">'.
createReach({ messages: [late], channels: { text: mail } })

// @ts-expect-error 41 an unknown option: Object literal may only specify known properties, but 'stor' does not exist in type 'ReachOptions<...>'. Did you mean to write 'store'?
createReach({ messages: [late], channels: { text }, stor: sqlite('x') })

createReach({
  messages: [late],
  channels: { text },
  // @ts-expect-error 42 a directory that answers something else: Type 'number' is not assignable to type 'string'.
  directory: async (ids) => ids.map((id) => ({ id, addresses: { text: 1 } })),
})

// @ts-expect-error 43 a vendor without its template: ... but required in type 'Problem<"missing: content.text.vendors.acme">'.
createReach({ messages: [message('bare', { content: { text: { text: 'x' } } })], channels: { text } })

// @ts-expect-error 44 what is not a transaction: Property 'query' is missing in type '{}' but required in type 'SqlTransaction'.
await reach.in({}).notify('ping', 'u1')

// @ts-expect-error 45 a store without transactions: ... but required in type 'Problem<"this store has no transactions: give createReach an outbox">'.
createReach({ messages: [late], channels: { text }, store: memory() }).in(transaction)

// -- digests

// @ts-expect-error 46 a digest in the content of a type that has none: Type 'string' is not assignable to type 'Problem<"{{ digest }} is not a field of data"> ...'.
export const m46 = message('m46', { data: order, content: { mail: { subject: '{{ digest.count }} orders' } } })

// @ts-expect-error 47 the same, in a function: Property 'digest' does not exist on type '{ a: string; }'.
export const m47 = message('m47', { data: order, content: { mail: (d) => ({ subject: `${d.digest.count}` }) } })

export const m48 = message('m48', {
  // @ts-expect-error 48 a field that the items of a digest do not have: Property 'b' does not exist on type '{ a: string; }'.
  content: { mail: (d) => ({ subject: d.digest.items.map((one) => one.b).join() }) },
  digest: { window: '1m' },
  data: order,
})

// @ts-expect-error 49 a digest without a window: Property 'window' is missing in type '{ max: number; }' but required in type 'DigestOptions<...>'.
export const m49 = message('m49', { content: { mail: { subject: 'x' } }, digest: { max: 3 } })
