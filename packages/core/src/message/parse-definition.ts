import { OptionReader, describeKind, isStandardSchema } from '../options/index.js'
import { ReachError, lanes } from '../spec/index.js'
import type { MessageDefinition, RetryPolicy } from './definition.js'
import { parseContent } from './parse-content.js'
import { parseDigest } from './parse-digest.js'
import { parseRoute } from './parse-route.js'

const fields = [
  'data',
  'purpose',
  'category',
  'module',
  'line',
  'priority',
  'ttl',
  'dedupe',
  'content',
  'route',
  'version',
  'upgrade',
  'retry',
  'onUnknown',
  'holdFor',
  'digest',
]

/** What a type says nothing about, by category: a one-time password is urgent, short-lived and better sent twice. */
const usual = { lane: 'P2', ttlMs: undefined, onUnknown: 'hold' } as const
const otp = { lane: 'P0', ttlMs: 5 * 60_000, onUnknown: 'resend' } as const

/** Checks what `message` was given and fills in the defaults. */
export function parseDefinition(key: unknown, options: unknown): MessageDefinition {
  assertKey(key)
  const subject = `message '${key}'`
  const reader = new OptionReader('REACH_MESSAGE_INVALID', subject, options, fields)
  const defaults = reader.text('category') === 'otp' ? otp : usual
  const content = parseContent(subject, reader.raw('content'))
  const lane = reader.choice('priority', lanes) ?? defaults.lane
  const ttlMs = reader.durationMs('ttl', 1) ?? defaults.ttlMs
  return Object.freeze({
    key,
    version: reader.whole('version', 1) ?? 1,
    upgrade: reader.func('upgrade'),
    schema: parseSchema(reader),
    purpose: reader.choice('purpose', ['marketing', 'transactional', 'care']) ?? 'transactional',
    lane,
    labels: parseLabels(reader),
    ttlMs,
    dedupe: parseDedupe(subject, reader),
    content,
    route: parseRoute(subject, reader.raw('route'), [...content.keys()]),
    retry: parseRetry(subject, reader.raw('retry') ?? {}),
    onUnknown: reader.choice('onUnknown', ['hold', 'resend']) ?? defaults.onUnknown,
    holdForMs: reader.durationMs('holdFor', 1) ?? 24 * 3_600_000,
    digest: parseDigest(subject, reader.raw('digest'), { lane, ttlMs }),
  })
}

function assertKey(key: unknown): asserts key is string {
  if (typeof key === 'string' && /^[A-Za-z0-9][\w.:/-]{0,127}$/.test(key)) return
  const form = 'letters, digits and . _ - : /, at most 128, with a letter or digit first'
  const given = typeof key === 'string' ? 'another string' : describeKind(key)
  throw new ReachError('REACH_MESSAGE_INVALID', `message(): key must be ${form}, and was ${given}.`)
}

function parseSchema(reader: OptionReader): MessageDefinition['schema'] {
  const schema = reader.raw('data')
  if (schema === undefined || isStandardSchema(schema)) return schema
  return reader.refuse('data', 'a schema that follows Standard Schema v1, such as z.object({ ... })')
}

function parseLabels(reader: OptionReader): MessageDefinition['labels'] {
  const given = (['category', 'module', 'line'] as const).map((field) => [field, reader.text(field)] as const)
  return Object.freeze(Object.fromEntries(given.filter(([, value]) => value !== undefined)))
}

/** Types cannot stop a function of untyped code from answering something else: its answers are checked too. */
function parseDedupe(subject: string, reader: OptionReader): MessageDefinition['dedupe'] {
  const dedupe = reader.func('dedupe')
  if (dedupe === undefined) return undefined
  return (data) => {
    const key = dedupe(data)
    if (typeof key === 'string' && key !== '') return key
    const rule = 'dedupe must answer a string that is not empty'
    throw new ReachError('REACH_MESSAGE_INVALID', `${subject}: ${rule}, and answered ${describeKind(key)}.`)
  }
}

function parseRetry(subject: string, retry: unknown): RetryPolicy {
  const reader = new OptionReader('REACH_MESSAGE_INVALID', `${subject}, retry`, retry, ['attempts', 'base', 'cap'])
  const attempts = reader.whole('attempts', 1) ?? 6
  const baseMs = reader.durationMs('base', 1) ?? 1_000
  const capMs = reader.durationMs('cap', baseMs) ?? Math.max(baseMs, 5 * 60_000)
  return Object.freeze({ attempts, baseMs, capMs })
}
