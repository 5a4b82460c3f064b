import { looksLikeAddress } from '../directory/looks-like-address.js'
import { isStorableText, storableCopy } from '../json/index.js'
import { OptionReader, describeKind, isFields } from '../options/index.js'
import { isZone } from '../schedule/index.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { Profile } from '../spec/index.js'
import { findUnstorableText } from './find-unstorable-text.js'

const fields = ['id', 'addresses', 'locale', 'zone', 'groups', 'attributes', 'devices']
const idBytes = 512
const nameBytes = 256

/** Reads recipients, and knows the zones that it has seen: there are some hundred, and asking for one is slow. */
export class ProfileParser {
  readonly #zones = new Set<string>()

  /**
   * A copy of one recipient, as it is stored.
   * @throws ReachError `REACH_RECIPIENT_INVALID` naming its place and the field, never a value.
   */
  parse(value: unknown, index: number): Profile {
    const subject = `recipient ${index} of upsert()`
    if (!isFields(value))
      throw invalid(`${subject} must be an object with id and addresses, and was ${describeKind(value)}.`)
    const reader = new OptionReader('REACH_RECIPIENT_INVALID', subject, value, fields)
    checkId(reader)
    this.#checkZone(reader)
    checkName(reader, 'locale')
    checkGroups(reader)
    for (const field of ['addresses', 'attributes']) checkObject(reader, field)
    if (reader.raw('addresses') === undefined) reader.refuse('addresses', 'an object with an address for each channel')
    checkDevices(reader)
    return storable(value, subject)
  }

  #checkZone(reader: OptionReader): void {
    const zone = reader.raw('zone')
    if (zone === undefined || (typeof zone === 'string' && this.#zones.has(zone))) return
    if (typeof zone !== 'string' || !isZone(zone)) reader.refuse('zone', "a time zone such as 'Europe/Berlin'")
    else this.#zones.add(zone)
  }
}

function checkId(reader: OptionReader): void {
  const id = reader.raw('id')
  if (!isName(id, idBytes)) return reader.refuse('id', `a text of 1 to ${idBytes} bytes`)
  if (looksLikeAddress(id)) reader.refuse('id', 'the id of a recipient, not an address, which belongs into addresses')
}

function checkName(reader: OptionReader, field: string): void {
  const value = reader.raw(field)
  if (value !== undefined && !isName(value, nameBytes)) reader.refuse(field, `a text of 1 to ${nameBytes} bytes`)
}

function checkGroups(reader: OptionReader): void {
  const groups = reader.raw('groups')
  if (groups === undefined || (Array.isArray(groups) && groups.every((group) => isName(group, nameBytes)))) return
  reader.refuse('groups', `a list of names of 1 to ${nameBytes} bytes each`)
}

function checkObject(reader: OptionReader, field: string): void {
  const value = reader.raw(field)
  if (value !== undefined && !isFields(value)) reader.refuse(field, 'an object')
}

function checkDevices(reader: OptionReader): void {
  const devices = reader.raw('devices')
  if (devices === undefined || (Array.isArray(devices) && devices.every(isFields))) return
  reader.refuse('devices', 'a list of objects')
}

/** What every store keeps as it is: JSON, of well-formed texts. */
function storable(value: object, subject: string): Profile {
  const copy = jsonOf(value, subject)
  const where = findUnstorableText(copy, subject)
  if (where === undefined) return copy
  throw invalid(`${where} holds U+0000 or half of a character, which no store can keep.`)
}

function jsonOf(value: object, subject: string): Profile {
  try {
    return storableCopy(value, subject) as Profile
  } catch (cause) {
    if (!isReachError(cause, 'REACH_DATA_NOT_JSON')) throw cause
    throw invalid(cause.message.replace(/^REACH_DATA_NOT_JSON: /, ''), cause)
  }
}

function isName(value: unknown, mostBytes: number): value is string {
  return typeof value === 'string' && value !== '' && isStorableText(value) && Buffer.byteLength(value) <= mostBytes
}

function invalid(text: string, cause?: unknown): ReachError {
  return new ReachError('REACH_RECIPIENT_INVALID', text, cause === undefined ? {} : { cause })
}
