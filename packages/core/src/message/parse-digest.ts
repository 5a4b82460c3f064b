import { OptionReader } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { DigestPolicy, MessageDefinition } from './definition.js'

const shortestMs = 1_000
const mostItems = 500

/** Reads the digest of a type. What is urgent cannot wait for one, nor can what is over by the time that it is sent. */
export function parseDigest(
  subject: string,
  digest: unknown,
  { lane, ttlMs }: Pick<MessageDefinition, 'lane' | 'ttlMs'>,
): DigestPolicy | undefined {
  if (digest === undefined) return undefined
  const own = `${subject}, digest`
  const reader = new OptionReader('REACH_MESSAGE_INVALID', own, digest, ['window', 'key', 'max'])
  const windowMs = reader.durationMs('window', shortestMs) ?? reader.refuse('window', "a duration, such as '10m'")
  const max = reader.whole('max', 2) ?? 100
  if (max > mostItems) return reader.refuse('max', `at most ${mostItems}`)
  if (lane === 'P0') throw invalid(own, 'a P0 message is urgent and waits for no others: give it another priority')
  if (ttlMs !== undefined && ttlMs <= windowMs)
    throw invalid(own, 'ttl must be longer than the window, or each message is over before its digest is sent')
  return Object.freeze({ windowMs, max, key: reader.func('key') })
}

function invalid(subject: string, sentence: string): ReachError {
  return new ReachError('REACH_MESSAGE_INVALID', `${subject}: ${sentence}.`)
}
