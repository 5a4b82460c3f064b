import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Size {
  readonly types: number
  readonly calls: number
}

const typesPerFile = 20
const callsPerFile = 50

/** Writes an app of that many message types and `notify` calls, which resolves packages as this folder does. */
export function writeProject(directory: string, modules: string, { types, calls }: Size): void {
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
  mkdirSync(directory, { recursive: true })
  symlinkSync(modules, join(directory, 'node_modules'))
  write('package.json', '{ "type": "module" }')
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  write('channels.ts', channels)
  for (let first = 0; first < types; first += typesPerFile) write(`${fileOf(first)}.ts`, messageTypes(first))
  write('reach.ts', wiring(types))
  for (let first = 0; first < calls; first += callsPerFile) write(`calls-${first}.ts`, notifyCalls(first, types))
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
}

const channels = `import { channel, sent } from '@reachkit/core'
import { z } from 'zod'

const address = z.string()
const deliver = async () => sent()
const templates = z.object({ acme: z.object({ template: z.string(), params: z.record(z.string(), z.string()) }) })

export const mail = channel({ name: 'mail', address, content: z.object({ subject: z.string(), html: z.string() }), deliver })
export const text = channel({ name: 'text', address, content: z.object({ text: z.string(), vendors: templates }), deliver })
export const feed = channel({ name: 'feed', address, content: z.object({ title: z.string(), body: z.string() }), deliver })

declare global {
  interface ReachChannels {
    mail: typeof mail
    text: typeof text
    feed: typeof feed
  }
}
`

function messageTypes(first: number): string {
  const numbers = Array.from({ length: typesPerFile }, (_, index) => first + index)
  return `import { all, firstOf, message } from '@reachkit/core'
import { z } from 'zod'

${numbers.map(messageType).join('\n')}`
}

function messageType(number: number): string {
  const mail =
    number % 2 === 0 ? "{ subject: 'Order {{ orderId }}', html: '<p>{{ user.name | upcase }}</p>' }" : mailFunction
  return `export const type${number} = message('${keyOf(number)}', {
  data: z.object({
    orderId: z.string(),
    count: z.number(),
    user: z.object({ name: z.string(), tags: z.array(z.string()) }),
    note${number}: z.string().optional(),
  }),
  category: 'orders',
  ttl: '2h',
  dedupe: (data) => data.orderId,
  content: {
    feed: { title: 'Order {{ orderId }} of {{ user.name }}', body: '{{ count }} {{ note${number} }}' },
    mail: ${mail},
    text: { text: 'Paid {{ orderId }}', vendors: { acme: { template: 'T${number}', params: { id: '{{ orderId }}' } } } },
  },
  route: all('feed', firstOf('mail', 'text')),
})
`
}

const mailFunction = '(data) => ({ subject: `Order ${data.orderId}`, html: data.user.name })'

function wiring(types: number): string {
  const numbers = Array.from({ length: types }, (_, number) => number)
  const imports = numbers.map((number) => `import { type${number} } from './${fileOf(number)}.js'`)
  return `import { createReach } from '@reachkit/core'
import { feed, mail, text } from './channels.js'
${imports.join('\n')}

export const reach = createReach({
  messages: [${numbers.map((number) => `type${number}`).join(', ')}],
  channels: { mail, text, feed },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { mail: id } })),
})
`
}

function notifyCalls(first: number, types: number): string {
  const numbers = Array.from({ length: callsPerFile }, (_, index) => (first + index) % types)
  const data = "{ orderId: 'A1', count: 1, user: { name: 'Ann', tags: ['new'] } }"
  return `import { reach } from './reach.js'

${numbers.map((number) => `await reach.notify('${keyOf(number)}', 'u1', ${data}, { after: '10m' })`).join('\n')}
`
}

function keyOf(number: number): string {
  return `area${number % 10}.event${number}`
}

function fileOf(number: number): string {
  return `messages-${Math.floor(number / typesPerFile)}`
}
