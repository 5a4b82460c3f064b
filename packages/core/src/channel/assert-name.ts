import { describeKind } from '../options/index.js'
import { ReachError } from '../spec/index.js'

/** Fields of an inline recipient, beside which its addresses stand by channel. */
const reserved: readonly string[] = ['id', 'locale', 'zone', 'attributes']

/** A channel's name stands in options, routes and keys of stores: letters, digits, - and _, at most 32. */
export function assertChannelName(place: string, name: unknown): asserts name is string {
  assertPlainName(place, name)
  if (!reserved.includes(name)) return
  throw new ReachError('REACH_CHANNEL_INVALID', `${place}: '${name}' is a field of recipients; choose another name.`)
}

/** The form of channel and provider names: a letter, then letters, digits, - and _; at most 32 in all. */
export function assertPlainName(place: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(name)) return
  const form = 'a letter and then letters, digits, - or _, at most 32 in all'
  const given = typeof name === 'string' ? 'another string' : describeKind(name)
  throw new ReachError('REACH_CHANNEL_INVALID', `${place} must be ${form}, and was ${given}.`)
}
