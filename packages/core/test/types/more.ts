// What apps also write, and what has to compile too.
import { z } from 'zod'
import { channel, driver, preview, weighted } from '../../src/channel/index.js'
import { message } from '../../src/message/index.js'
import type { NotifyArguments } from '../../src/reach/notify-types.js'
import { receivers } from '../../src/reach/receivers.js'
import type { InputsOf } from '../../src/reach/types.js'
import { all, split } from '../../src/route/index.js'
import { sent } from '../../src/spec/index.js'
import { createReach, late, orderPaid, ping, reach } from './app.js'
import { acme, memory, outbox, smtp, zenith, type SqlTransaction } from './channels.js'

declare const env: { readonly key?: string }
declare const transaction: SqlTransaction
const mail = smtp({ url: '', from: '' })
const data = { orderId: 'A1', amount: '1' }

// -- calls
const { notify } = reach
await notify('order.paid', 'u1', data)
await reach.notify('ping', 'u1')
await reach.notify('ping', 'u1', {}, { at: new Date(), idempotencyKey: 'k' })
await reach.notify('late', { text: '+49' }, { code: '1' }, { after: '10m' })
await reach.notify('late', { id: 'u1', locale: 'de', text: '+49' }, { code: '1' })
await reach.notify('late', ['u1', { text: '+49' }], { code: '1' })
await reach.notify('late', receivers, { code: '1' })
await reach.in(transaction).notify('order.paid', 'u1', data)
await reach.explain('order.paid', 'u1', data, { priority: 'P0' })
const ids: readonly string[] = (await reach.notify('late', ['a', 'b'], { code: '1' })).ids

// An undefined option is one that is left out.
declare const perhaps: Date | undefined
await reach.notify('ping', 'u1', {}, { at: perhaps })

// A key that is one of several, where one data fits them all.
declare const either: 'late' | 'ping'
declare const fitsBoth: InputsOf<typeof reach>['late'] & InputsOf<typeof reach>['ping']
await reach.notify(either, 'u1', fitsBoth)

// A wrapper of the app's own, and a function that needs one message type only.
type Inputs = InputsOf<typeof reach>
async function loud<const Key extends keyof Inputs>(key: Key, to: string, ...rest: NotifyArguments<Inputs[Key]>) {
  return reach.notify(key, to, ...rest)
}
await loud('order.paid', 'u1', data)
await loud('ping', 'u1')
async function pay(app: Pick<typeof reach, 'notify'>) {
  await app.notify('order.paid', 'u1', data)
}
await pay(reach)
await pay(reach.in(transaction))

// -- wiring
// A channel only where the environment has its account.
createReach({ messages: [ping], channels: { mail, ...(env.key ? { text: acme({ key: env.key }) } : {}) } })
createReach({ messages: [late], channels: { text: env.key ? acme({ key: env.key }) : undefined } })
// One of two providers.
createReach({ messages: [late], channels: { text: env.key ? acme({ key: env.key }) : zenith({ key: '' }) } })
createReach({ messages: [late], channels: { text: preview('text', { writer: process.stderr }) } })
// A provider of one's own beside another one, which alone needs a template.
const own = driver('text', {
  provider: 'own',
  capabilities: { batch: 10 },
  deliver: async ({ to, content }) => sent(`${to}${content.text}`),
  deliverBatch: async (requests) => requests.map(() => sent()),
})
createReach({
  messages: [late],
  channels: { text: weighted([own, 70], [acme({ key: '' }), 30]).stickyBy('recipient') },
})
// The transactions of another database than the store's, and a directory that is an object.
await createReach({
  messages: [ping],
  channels: { mail },
  store: memory(),
  outbox: outbox(),
  directory: { recipients: async () => [], members: async () => [] },
  tenant: undefined,
})
  .in(transaction)
  .notify('ping', { mail: 'a@example.com' })
createReach({ messages: [orderPaid, late, ping] as const, channels: { ...wired(), mail } })

declare function wired(): { text: typeof own; feed: ReachChannels['feed']; beeper: ReachChannels['beeper'] }

// -- message types
const enumerated = message('enumerated', {
  data: z.object({ level: z.enum(['low', 'high']) }),
  content: { beeper: (d) => ({ text: 'x', level: d.level }) },
})
// What the schema answers is what content sees; what it takes is what `notify` is given.
const transformed = message('transformed', {
  data: z.object({ n: z.coerce.number(), d: z.string().default('x'), t: z.string().transform((s) => s.length) }),
  content: { mail: (d) => ({ subject: String(d.t + d.n) + d.d.length }) },
  dedupe: (d) => d.t.toFixed(),
  version: 2,
  upgrade: () => ({ n: 1, d: '', t: 2 }),
})
await createReach({ messages: [transformed], channels: { mail } }).notify(
  'transformed',
  { mail: 'a@b' },
  { n: '3', t: 'abc' },
)
const nested = message('nested', {
  data: z.object({
    order: z.object({ id: z.string(), lines: z.array(z.object({ name: z.string() })) }),
    note: z.string().optional(),
  }),
  content: {
    mail: {
      subject: '{{ order.id | upcase }} {{ "now" | date }}',
      html: '{% for line in order.lines %}{{ line.name }}{% endfor %}',
    },
    text: { text: '{{order.id}} {{ note }} {{ recipient.attributes.name }}' },
  },
  route: split(['mail', 1], ['text', 1]),
})
const otp = message('otp', {
  data: z.object({ code: z.string() }),
  category: 'otp',
  content: { text: { text: '{{ code }}' } },
  route: all('text'),
})
interface Tree {
  name: string
  children: Tree[]
}
declare const tree: z.ZodType<Tree>
const recursive = message('recursive', { data: tree, content: { mail: { subject: '{{ name }}' } } })
const anything = message('anything', {
  data: z.object({ a: z.any(), j: z.json(), u: z.unknown() }),
  content: { mail: { subject: '{{ a }}' } },
})
const listed = message('listed', { data: z.array(z.string()), content: { mail: { subject: 'x' } } })
const fax = channel({
  name: 'fax',
  address: z.string(),
  content: z.object({ pages: z.number() }),
  deliver: async ({ content }) => sent(content.pages.toFixed()),
})

// -- digests
const shipped = z.object({ orderId: z.string() })
const digests = [
  message('d1', {
    data: shipped,
    content: { mail: { subject: '{{ digest.count }}: {{ orderId }}' } },
    digest: { window: '10m' },
  }),
  message('d2', {
    content: { mail: (d) => ({ subject: d.digest.items.map(({ orderId }) => orderId).join(), html: d.orderId }) },
    digest: { key: (d) => d.orderId, window: '1h', max: 20 },
    data: shipped,
  }),
  message('d3', { content: { text: { text: '{{ digest.count }}', vendors: {} } }, digest: { window: '1d' } }),
]

/** All of it, for the type tests. */
export const more = { ids, loud, pay, enumerated, transformed, nested, otp, recursive, anything, listed, fax, digests }
