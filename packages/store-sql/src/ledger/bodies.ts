import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Lane, MessageLabels, NewMessage } from '@reachkit/core/spec'

/** What never changes of a message, as it is stored. */
export interface Body {
  readonly type: string
  readonly version: number
  readonly recipient: string
  readonly inline: string | undefined
  readonly data: string
  readonly value: unknown
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  readonly expires: number | undefined
}

/** A parcel's messages with what all have in common. */
export interface ParcelBodies {
  readonly tenant: string
  readonly acceptedAt: number
  readonly run: string | undefined
  readonly bodies: readonly Body[]
}

/** In the place of bodies that cannot be read: of a type that nobody knows. */
export function unreadableBodies(size: number): Body[] {
  const body: Body = {
    type: '',
    version: 0,
    recipient: '',
    inline: undefined,
    data: 'null',
    value: undefined,
    lane: 'P3',
    labels: {},
    sandbox: false,
    expires: undefined,
  }
  return Array.from({ length: size }, () => body)
}

/** A column: one value where all messages have the same, else one a message. `null` stands for undefined. */
type Column<T> = { readonly all: T } | { readonly each: readonly T[] }

/** The columns but for the data, which follow behind separators that no JSON text holds. */
interface StoredBodies {
  readonly size: number
  readonly type: Column<string>
  readonly version: Column<number>
  readonly recipient: Column<string>
  readonly inline: Column<string | null>
  readonly lane: Column<Lane>
  readonly labels: Column<MessageLabels>
  readonly sandbox: Column<boolean>
  readonly expires: Column<number | null>
}

const separator = '\u001e'
/** Shorter ones are not made shorter by it. */
const compressedFrom = 256
const plainByte = 0
const brotliByte = 1

/** Reads each message once: its data may be made when it is read. */
export function bodiesOf(messages: readonly NewMessage[]): Body[] {
  return messages.map(({ type, version, recipient, inline, data, value, lane, labels, sandbox, expires }) => ({
    type,
    version,
    recipient,
    inline,
    data,
    value,
    lane,
    labels,
    sandbox,
    expires,
  }))
}

/** Brotli at quality 1, or plain where it is short; the first byte says which. */
export function packBodies(bodies: readonly Body[]): Uint8Array {
  const columns: StoredBodies = {
    size: bodies.length,
    type: column(bodies, ({ type }) => type),
    version: column(bodies, ({ version }) => version),
    recipient: column(bodies, ({ recipient }) => recipient),
    inline: column(bodies, ({ inline }) => inline ?? null),
    lane: column(bodies, ({ lane }) => lane),
    labels: labelColumn(bodies),
    sandbox: column(bodies, ({ sandbox }) => sandbox),
    expires: column(bodies, ({ expires }) => expires ?? null),
  }
  let text = JSON.stringify(columns)
  for (const { data } of bodies) text += separator + data
  return packText(text)
}

export function unpackBodies(packed: Uint8Array): Body[] {
  const [head = '', ...data] = unpackText(packed).split(separator)
  const columns = JSON.parse(head) as StoredBodies
  const bodies: Body[] = []
  for (let position = 0; position < columns.size; position += 1) {
    bodies.push({
      type: at(columns.type, position),
      version: at(columns.version, position),
      recipient: at(columns.recipient, position),
      inline: at(columns.inline, position) ?? undefined,
      data: data[position] ?? '',
      value: undefined,
      lane: at(columns.lane, position),
      labels: at(columns.labels, position),
      sandbox: at(columns.sandbox, position),
      expires: at(columns.expires, position) ?? undefined,
    })
  }
  return bodies
}

export function packText(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  if (bytes.length < compressedFrom) return Buffer.concat([Uint8Array.of(plainByte), bytes])
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return Buffer.concat([Uint8Array.of(brotliByte), brotliCompressSync(bytes, { params })])
}

export function unpackText(packed: Uint8Array): string {
  const body = packed.subarray(1)
  if (packed[0] === plainByte) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  return brotliDecompressSync(body).toString()
}

function column<T>(bodies: readonly Body[], read: (body: Body) => T): Column<T> {
  const [first] = bodies
  const each = bodies.map(read)
  if (first === undefined) return { each }
  const all = read(first)
  return each.every((value) => value === all) ? { all } : { each }
}

/** Labels are mostly equal, though seldom one object. */
function labelColumn(bodies: readonly Body[]): Column<MessageLabels> {
  const [first] = bodies
  if (first === undefined) return { each: [] }
  const all = first.labels
  const same = ({ labels }: Body): boolean => labels === all || sameLabels(labels, all)
  return bodies.every(same) ? { all } : { each: bodies.map(({ labels }) => labels) }
}

function sameLabels(one: MessageLabels, other: MessageLabels): boolean {
  return (
    one.category === other.category &&
    one.group === other.group &&
    one.module === other.module &&
    one.line === other.line &&
    one.trigger === other.trigger
  )
}

function at<T>(values: Column<T>, position: number): T {
  return 'all' in values ? values.all : (values.each[position] as T)
}
