import type { Argument } from '../client/redis-client.js'
import type { Keys } from '../keys.js'
import { decodePositions } from '../parcel/runs.js'
import { partOf, placeBytes, providerPrintBytes, recipientBytes } from './fingerprint.js'
import type { Periods } from './periods.js'

const bar = 0x7c
const accepted = 0x61

/** What is told of one period: parcels by number, and what comes to the parts of the indexes. */
interface Told {
  readonly parcels: (string | number)[]
  readonly parts: Map<string, Part>
}

/** What is added to a part of an index: fingerprints, each with its place behind it. */
interface Part {
  readonly pieces: Buffer[]
  /** Where each fingerprint is, in a part in which one is to be there once: the last place counts. */
  readonly once: Map<string, number> | undefined
}

/**
 * Lines of the queue, put together by the parts of the indexes that they go to. A line is `a<parcel>|<now>|` and the
 * recipients, or `p<parcel>|<now>|<positions left out>|` and the ids of providers, each behind its position.
 */
export class IndexBatch {
  readonly #periods = new Map<number, Told>()
  readonly #numbers = new Map<string, number>()

  constructor(
    readonly keys: Keys,
    readonly periods: Periods,
  ) {}

  /** A parcel is known by the number of the line that names it first. */
  add(line: Buffer, number: number): void {
    const first = line.indexOf(bar)
    const second = line.indexOf(bar, first + 1)
    const parcel = line.toString('latin1', 1, first)
    const period = this.periods.of(Number(line.toString('latin1', first + 1, second)))
    const told = this.#toldOf(period)
    const known = `${period}:${parcel}`
    let own = this.#numbers.get(known)
    if (own === undefined) {
      own = number % 2 ** 32
      this.#numbers.set(known, own)
      told.parcels.push(own, parcel)
    }
    if (line[0] === accepted) this.#addRecipients(told, period, line.subarray(second + 1), own)
    else this.#addProviderIds(told, period, line.subarray(second + 1), own)
  }

  #addRecipients({ parts }: Told, period: number, prints: Buffer, number: number): void {
    const size = 1 + recipientBytes
    for (let at = 0, position = 0; at < prints.length; at += size, position += 1) {
      const key = this.keys.historyRecipients(period, partOf(prints[at]))
      add(partAt(parts, key, false), prints.subarray(at + 1, at + size), number, position)
    }
  }

  #addProviderIds({ parts }: Told, period: number, rest: Buffer, number: number): void {
    const start = rest.indexOf(bar)
    const left = decodePositions(rest.toString('latin1', 0, start))
    const size = 2 + providerPrintBytes
    for (let at = start + 1; at < rest.length; at += size) {
      const position = rest.readUInt16BE(at)
      if (left.has(position)) continue
      const key = this.keys.historyProviders(period, partOf(rest[at + 2]))
      add(partAt(parts, key, true), rest.subarray(at + 3, at + size), number, position)
    }
  }

  #toldOf(period: number): Told {
    const known = this.#periods.get(period)
    if (known !== undefined) return known
    const told = { parcels: [], parts: new Map<string, Part>() }
    this.#periods.set(period, told)
    return told
  }

  /** Keys and arguments of the script that notes it, behind its own. */
  call(): { readonly keys: string[]; readonly args: Argument[] } {
    const keys: string[] = []
    const args: Argument[] = []
    for (const [period, { parcels, parts }] of this.#periods) {
      keys.push(this.keys.historyParcels(period), ...parts.keys())
      args.push(this.periods.endOf(period), parcels.length / 2, parts.size, ...parcels)
      for (const { pieces, once } of parts.values())
        args.push(once === undefined ? 0 : providerPrintBytes - 1, Buffer.concat(pieces))
    }
    return { keys, args }
  }
}

function partAt(parts: Map<string, Part>, key: string, isOnce: boolean): Part {
  const known = parts.get(key)
  if (known !== undefined) return known
  const made: Part = { pieces: [], once: isOnce ? new Map<string, number>() : undefined }
  parts.set(key, made)
  return made
}

function add({ pieces, once }: Part, print: Buffer, number: number, position: number): void {
  const place = Buffer.allocUnsafe(placeBytes)
  place.writeUInt32BE(number, 0)
  place.writeUInt16BE(position, 4)
  const name = once && print.toString('latin1')
  const known = name === undefined ? undefined : once?.get(name)
  if (known !== undefined) {
    pieces[known] = place
    return
  }
  pieces.push(print, place)
  if (name !== undefined) once?.set(name, pieces.length - 1)
}

/** The sizes of what an index holds of each message. */
export const recipientRecord: number = recipientBytes + placeBytes
export const providerRecord: number = providerPrintBytes - 1 + placeBytes

/** Numbers of parcels and positions, as the script that searches answers them; what comes before a place is passed over. */
export function readPlaces(bytes: Buffer, before = 0): { readonly number: number; readonly position: number }[] {
  const places: { number: number; position: number }[] = []
  for (let at = before; at + placeBytes <= bytes.length; at += before + placeBytes) {
    places.push({ number: bytes.readUInt32BE(at), position: bytes.readUInt16BE(at + 4) })
  }
  return places
}
