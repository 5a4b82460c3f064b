// Mistakes, numbered, each an error at the line below its comment. `../compiler-messages.test.ts` takes the directives
// away and proves that the compiler then prints the sentence that stands in them.
import { z } from 'zod'
import { channel, driver, failover, weighted } from '../../src/channel/index.js'
import { message } from '../../src/message/index.js'
import { all, firstOf, split } from '../../src/route/index.js'
import { sent } from '../../src/spec/index.js'
import { createReach, late, orderPaid, reach } from './app.js'
import { acme, feed, memory, smtp, sqlite, zenith, type SqlTransaction } from './channels.js'

declare const transaction: SqlTransaction
const mail = smtp({ url: '', from: '' })
const text = acme({ key: '' })
const order = z.object({ a: z.string() })

// -- notify

// @ts-expect-error 1 a wrong key: TODO
await reach.notify('order.pay', 'u1', { orderId: 'A1', amount: '1' })

// @ts-expect-error 2 a missing field: TODO
await reach.notify('order.paid', 'u1', { orderId: 'A1' })

// @ts-expect-error 3 an extra field: TODO
await reach.notify('order.paid', 'u1', { orderId: 'A1', amount: '1', oops: 1 })

// @ts-expect-error 4 no data: TODO
await reach.notify('order.paid', 'u1')

// @ts-expect-error 5 a field of another type: TODO
await reach.notify('order.paid', 'u1', { orderId: 1, amount: '1' })

// @ts-expect-error 6 an unknown option: TODO
await reach.notify('order.paid', 'u1', { orderId: 'A1', amount: '1' }, { att: new Date() })

// @ts-expect-error 7 an address of a channel that is not wired: TODO
await reach.notify('order.paid', { mial: 'x' }, { orderId: 'A1', amount: '1' })

// @ts-expect-error 8 data for a type that takes none: TODO
await reach.notify('ping', 'u1', { orderId: 'A1' })

// @ts-expect-error 9 a date as text: TODO
await reach.notify('ping', 'u1', {}, { at: '2026-01-01' })

// -- routes

// @ts-expect-error 10 a route naming a channel without content: TODO
export const m10 = message('m10', { content: { text: { text: 'x' } }, route: all('text', 'mail') })

// @ts-expect-error 11 the same, nested: TODO
export const m11 = message('m11', { content: { text: { text: 'x' } }, route: all('text', firstOf('mail')) })

// @ts-expect-error 12 one channel without content: TODO
export const m12 = message('m12', { content: { text: { text: 'x' } }, route: 'mail' })

// @ts-expect-error 13 a channel that does not exist: TODO
export const r13 = firstOf('text', 'mial')

// @ts-expect-error 14 a route without a leg: TODO
all()

// @ts-expect-error 15 a weight that is text: TODO
split(['text', '70'])

// @ts-expect-error 16 a number as a leg: TODO
firstOf('text', 3)

// @ts-expect-error 17 a wait without a time: TODO
firstOf('text', 'mail').unless('delivered', {})

// -- content

// @ts-expect-error 18 an unknown channel: TODO
export const m18 = message('m18', { content: { texts: { text: 'x' } } })

// @ts-expect-error 19 a field by another name: TODO
export const m19 = message('m19', { content: { text: { txt: 'x' } } })

// @ts-expect-error 20 an extra field: TODO
export const m20 = message('m20', { content: { mail: { subject: 'x', htlm: 'y' } } })

// @ts-expect-error 21 a field of another type: TODO
export const m21 = message('m21', { content: { mail: { subject: 7 } } })

// @ts-expect-error 22 a function whose answer lacks a field: TODO
export const m22 = message('m22', { data: order, content: { mail: (d) => ({ html: d.a }) } })

// @ts-expect-error 23 a function that reads an unknown field: TODO
export const m23 = message('m23', { data: order, content: { mail: (d) => ({ subject: d.b }) } })

// @ts-expect-error 24 a value that the channel does not know: TODO
export const m24 = message('m24', { content: { beeper: { text: 'x', level: 'mid' } } })

// @ts-expect-error 25 an unknown variable: TODO
export const m25 = message('m25', { data: order, content: { mail: { subject: 'Order {{ b }}' } } })

// @ts-expect-error 26 an unknown variable, deep inside: TODO
export const m26 = message('m26', { data: order, content: { text: { text: '', vendors: { acme: { template: '{{ b }}' } } } } })

// @ts-expect-error 27 a variable where there is no data: TODO
export const m27 = message('m27', { content: { mail: { subject: '{{ a }}' } } })

// @ts-expect-error 28 a vendor's template of another type: TODO
export const m28 = message('m28', { content: { text: { text: 'x', vendors: { acme: { template: 3 } } } } })

// -- message types

// @ts-expect-error 29 data that is no JSON: TODO
export const m29 = message('m29', { data: z.object({ at: z.date() }), content: { text: { text: '' } } })

// @ts-expect-error 30 an unknown option: TODO
export const m30 = message('m30', { content: { text: { text: '' } }, prority: 'P1' })

// @ts-expect-error 31 a ttl that is no duration: TODO
export const m31 = message('m31', { content: { text: { text: '' } }, ttl: '2 hours' })

// @ts-expect-error 32 a priority that does not exist: TODO
export const m32 = message('m32', { content: { text: { text: '' } }, priority: 'P9' })

// @ts-expect-error 33 a dedupe key of an unknown field: TODO
export const m33 = message('m33', { data: order, content: { text: { text: '' } }, dedupe: (d) => d.b })

// -- channels

// @ts-expect-error 34 a driver that reads unknown content: TODO
channel({ name: 'x', address: z.string(), content: z.object({ text: z.string() }), deliver: async ({ content }) => sent(content.nope) })

// @ts-expect-error 35 an answer that is no outcome: TODO
channel({ name: 'x', address: z.string(), content: z.object({ text: z.string() }), deliver: async () => ({ ok: true }) })

// @ts-expect-error 36 a driver that reads an unknown field of a known channel: TODO
driver('text', { provider: 'mine', deliver: async ({ content }) => sent(content.subject) })

// @ts-expect-error 37 a split among providers of two channels: TODO
weighted([acme({ key: '' }), 70], [mail, 30])

// @ts-expect-error 38 a standby of another channel: TODO
failover(mail, zenith({ key: '' }))

// -- createReach

// @ts-expect-error 39 a channel that is not wired: TODO
createReach({ messages: [orderPaid, late], channels: { mail, feed: feed() } })

// @ts-expect-error 40 a channel under another name: TODO
createReach({ messages: [late], channels: { text: mail } })

// @ts-expect-error 41 an unknown option: TODO
createReach({ messages: [late], channels: { text }, stor: sqlite('x') })

// @ts-expect-error 42 a directory that answers something else: TODO
createReach({ messages: [late], channels: { text }, directory: async (ids) => ids.map((id) => ({ id, addresses: { text: 1 } })) })

// @ts-expect-error 43 a vendor without its template: TODO
createReach({ messages: [message('bare', { content: { text: { text: 'x' } } })], channels: { text } })

// @ts-expect-error 44 what is not a transaction: TODO
await reach.in({}).notify('ping', 'u1')

// @ts-expect-error 45 a store without transactions: TODO
createReach({ messages: [late], channels: { text }, store: memory() }).in(transaction)
