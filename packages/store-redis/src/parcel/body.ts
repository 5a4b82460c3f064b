import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Lane, MessageLabels, NewMessage, NewParcel } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { encodeRuns } from './runs.js'

/** A message as it was accepted. */
interface StoredMessage {
  readonly type: string
  readonly version: number
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  readonly recipient: string
  readonly inline: string | undefined
  readonly data: string
  readonly value?: unknown
}

interface StoredEntry {
  readonly id: string
  readonly lane: Lane
  /** As runs at step 0. */
  readonly runs: string
}

/** What of a parcel never changes. */
export interface ParcelBody {
  /** That it is a page of. */
  readonly run: string | undefined
  readonly messages: readonly StoredMessage[]
  /** What is seldom asked for. */
  readonly entries: () => readonly StoredEntry[]
  readonly digests: () => readonly (string | undefined)[]
}

/** What messages mostly have in common: said once for all of them. */
type Kind = readonly [type: string, version: number, lane: Lane, labels: MessageLabels, sandbox: boolean]

interface Head {
  readonly k: readonly Kind[]
  /** The kind of each message, where there are several. */
  readonly o?: readonly number[]
  readonly r: readonly string[]
  readonly i?: Readonly<Record<string, string>>
  readonly e: readonly (readonly [string, Lane, string])[]
  readonly run?: string
}

/** No JSON text holds it. */
const separator = '\u001e'
const plain = 0
const brotli = 1
/** Less than that is packed in more time than it is worth. */
const smallest = 1_024

/**
 * One byte that names the packing, the length of the text, and the text: what is common, recipients, data. Behind it are
 * kept the digests as they are: they would not get smaller.
 */
export function encodeBody(parcel: NewParcel, compress: boolean): Buffer {
  const text = Buffer.from(JSON.stringify(headOf(parcel)) + parcel.messages.map(dataAfter).join(''), 'utf8')
  const packed = compress && text.length >= smallest ? squeeze(text) : text
  const start = Buffer.allocUnsafe(5)
  start.writeUInt8(packed === text ? plain : brotli, 0)
  start.writeUInt32BE(packed.length, 1)
  return Buffer.concat([start, packed])
}

function dataAfter({ data }: NewMessage): string {
  return separator + data
}

/** Brotli at quality 1 packs better than deflate, in half of its time. */
export function squeeze(text: Buffer): Buffer {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  return brotliCompressSync(text, { params })
}

export function unsqueeze(packed: Buffer): Buffer {
  return brotliDecompressSync(packed)
}

function headOf({ messages, entries, cursor }: NewParcel): Head {
  const kinds: Kind[] = []
  const known = new Map<string, number>()
  const order: number[] = []
  const inline: Record<string, string> = {}
  let last: NewMessage | undefined
  for (const [position, message] of messages.entries()) {
    if (message.inline !== undefined) inline[position] = message.inline
    if (last !== undefined && sameKind(last, message)) {
      order.push(order.at(-1) ?? 0)
    } else {
      const { type, version, lane, labels, sandbox } = message
      const kind: Kind = [type, version, lane, labels, sandbox]
      const key = JSON.stringify(kind)
      const index = known.get(key) ?? kinds.push(kind) - 1
      known.set(key, index)
      order.push(index)
    }
    last = message
  }
  return {
    k: kinds,
    ...(kinds.length > 1 && { o: order }),
    r: messages.map(({ recipient }) => recipient),
    ...(Object.keys(inline).length > 0 && { i: inline }),
    e: entries.flatMap(({ id, lane, cargo }) =>
      cargo.kind === 'messages' ? [[id, lane, encodeRuns(cargo.positions, cargo.steps)] as const] : [],
    ),
    ...(cursor !== undefined && { run: cursor.run }),
  }
}

function sameKind(a: NewMessage, b: NewMessage): boolean {
  return (
    a.type === b.type &&
    a.version === b.version &&
    a.lane === b.lane &&
    a.labels === b.labels &&
    a.sandbox === b.sandbox
  )
}

/** Of each message the length of its digest, and that; nothing where none has one. */
export function encodeDigests({ messages }: NewParcel): Buffer {
  if (messages.every(({ digest }) => digest === undefined)) return Buffer.alloc(0)
  const parts = messages.map(({ digest = '' }) => String.fromCharCode(digest.length) + digest)
  return Buffer.from(parts.join(''), 'latin1')
}

export function decodeBody(stored: Buffer): ParcelBody {
  const packing = stored.readUInt8(0)
  if (packing > brotli) throw new ReachError('REACH_STORE_UNAVAILABLE', 'a parcel was written by a newer release')
  const end = 5 + stored.readUInt32BE(1)
  const packed = stored.subarray(5, end)
  const [head = '', ...data] = (packing === plain ? packed : unsqueeze(packed)).toString('utf8').split(separator)
  const { k, o, r, i, e, run } = JSON.parse(head) as Head
  const messages = r.map((recipient, position): StoredMessage => {
    const [type = '', version = 0, lane = 'P2', labels = {}, sandbox = false] = k[o?.[position] ?? 0] ?? []
    return { type, version, lane, labels, sandbox, recipient, inline: i?.[position], data: data[position] ?? '' }
  })
  return {
    run,
    messages,
    entries: () => e.map(([id, lane, runs]) => ({ id, lane, runs })),
    digests: () => decodeDigests(stored.subarray(end), messages.length),
  }
}

/** In the place of one that cannot be read: messages of a type that nobody knows. */
export function unreadableBody(size: number): ParcelBody {
  const message = {
    type: '',
    version: 0,
    lane: 'P3',
    labels: {},
    sandbox: false,
    recipient: '',
    inline: undefined,
  } as const
  const messages = Array.from({ length: size }, () => ({ ...message, data: 'null' }))
  return { run: undefined, messages, entries: () => [], digests: () => [] }
}

function decodeDigests(bytes: Buffer, count: number): (string | undefined)[] {
  const digests: (string | undefined)[] = Array.from({ length: count }, () => undefined)
  for (let position = 0, at = 0; at < bytes.length; position += 1) {
    const length = bytes.readUInt8(at)
    if (length > 0) digests[position] = bytes.toString('latin1', at + 1, at + 1 + length)
    at += 1 + length
  }
  return digests
}
