import { systemClock } from '../clock/system-clock.js'
import type { EngineOptions } from '../engine/engine-options.js'
import { allowList } from '../gates/allow-list.js'
import { memoryStore } from '../memory/index.js'
import { definitionOf } from '../message/index.js'
import type { AnyMessage, MessageDefinition } from '../message/index.js'
import { isChannel } from '../channel/index.js'
import { OptionReader, describeKind, isFields, shownName } from '../options/index.js'
import { systemRandom } from '../random/system-random.js'
import { ReachError } from '../spec/index.js'
import type { AnyChannel, AnyOutbox, AudienceFactory, Directory, Gate, Logger, Store } from '../spec/index.js'
import { parseHealthOptions } from '../health/health-options.js'
import { parseSpoolOptions } from '../spool/spool-options.js'
import { isOutbox } from '../relay/outbox-of.js'
import { parsePolicies } from '../tasks/approval-policy.js'
import { parseTriggers } from '../triggers/parse-triggers.js'
import { assertTemplates } from './assert-templates.js'
import { assertWired } from './assert-wired.js'

const known = [
  'messages',
  'channels',
  'directory',
  'store',
  'pool',
  'outbox',
  'spool',
  'worker',
  'gates',
  'sandbox',
  'allow',
  'tenant',
  'clock',
  'random',
  'logger',
  'fetch',
  'concurrency',
  'lease',
  'dedupeFor',
  'unknownFor',
  'health',
  'audiences',
  'approvals',
  'triggers',
  'onEvent',
] as const

/** Checks what `createReach` was given and fills in every default. Nothing is opened. */
export function resolveOptions(options: unknown): EngineOptions {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'createReach', options, known)
  const definitions = resolveMessages(reader)
  const channels = resolveChannels(reader)
  assertWired(definitions, channels)
  assertTemplates(definitions, channels)
  const dedupeFor = reader.raw('dedupeFor')
  if (dedupeFor !== undefined && reader.raw('store') !== undefined) {
    reader.refuse('dedupeFor', 'given to the store, where one is named')
  }
  const store = resolveStore(reader) ?? memoryStore(dedupeFor === undefined ? {} : { dedupeFor: dedupeFor as '1h' })
  return {
    definitions,
    channels,
    directory: resolveDirectory(reader),
    store,
    pool: object(reader, 'pool'),
    outbox: resolveOutbox(reader),
    spool: parseSpoolOptions(reader.raw('spool'), store.name),
    worker: reader.flag('worker') ?? true,
    gates: resolveGates(reader),
    sandbox: reader.flag('sandbox') ?? false,
    tenant: reader.text('tenant') ?? 'default',
    clock: object(reader, 'clock') ?? systemClock,
    random: object(reader, 'random') ?? systemRandom,
    logger: object(reader, 'logger') ?? silent,
    fetch: (reader.func('fetch') as typeof fetch | undefined) ?? globalThis.fetch,
    concurrency: reader.whole('concurrency', 1) ?? 32,
    leaseMs: reader.durationMs('lease', 100) ?? 5_000,
    unknownForMs: reader.durationMs('unknownFor') ?? 3_600_000,
    health: parseHealthOptions(reader.raw('health')),
    audiences: resolveAudiences(reader),
    approvals: parsePolicies(reader.raw('approvals')),
    triggers: parseTriggers(reader.raw('triggers'), definitions),
    onEvent: reader.func('onEvent'),
  }
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A part that is handed in whole: a store, a clock. Its own methods are its own business. */
function object<Field extends keyof EngineOptions>(
  reader: OptionReader,
  field: Field,
): EngineOptions[Field] | undefined {
  const value = reader.raw(field)
  if (value === undefined || isFields(value)) return value as EngineOptions[Field] | undefined
  return reader.refuse(field, 'an object')
}

function resolveMessages(reader: OptionReader): ReadonlyMap<string, MessageDefinition> {
  const messages = reader.raw('messages')
  if (!Array.isArray(messages)) return reader.refuse('messages', 'an array of message types')
  const definitions = new Map<string, MessageDefinition>()
  for (const message of messages as readonly AnyMessage[]) {
    const definition = definitionOf(message)
    if (definitions.has(definition.key)) {
      throw new ReachError('REACH_MESSAGE_DUPLICATE', `two message types have the key '${definition.key}'`)
    }
    definitions.set(definition.key, definition)
  }
  return definitions
}

function resolveChannels(reader: OptionReader): ReadonlyMap<string, AnyChannel> {
  const channels = reader.raw('channels')
  if (!isFields(channels)) return reader.refuse('channels', 'an object of channels by their names')
  const resolved = new Map<string, AnyChannel>()
  for (const [name, channel] of Object.entries(channels)) {
    if (channel === undefined) continue
    if (!isChannel(channel)) {
      throw new ReachError(
        'REACH_CHANNEL_INVALID',
        `channels.${shownName(name)} must be a channel, and was ${describeKind(channel)}`,
      )
    }
    if (channel.name !== name) {
      throw new ReachError(
        'REACH_CHANNEL_INVALID',
        `channels.${shownName(name)} is the channel '${shownName(channel.name)}': wire it under its own name`,
      )
    }
    resolved.set(name, channel)
  }
  return resolved
}

function resolveDirectory(reader: OptionReader): Directory | undefined {
  const directory = reader.raw('directory')
  if (directory === undefined) return undefined
  if (typeof directory === 'function') return { recipients: directory as Directory['recipients'] }
  if (isFields(directory) && typeof directory.recipients === 'function') return directory as unknown as Directory
  return reader.refuse('directory', 'a function of ids, or an object with recipients(ids)')
}

function resolveAudiences(reader: OptionReader): ReadonlyMap<string, AudienceFactory> {
  const audiences = reader.raw('audiences') ?? []
  const allowed = 'an array of audiences: each with a name of its own and open()'
  if (!Array.isArray(audiences)) return reader.refuse('audiences', allowed)
  const named = new Map<string, AudienceFactory>()
  for (const factory of audiences as readonly AudienceFactory[]) {
    const { name }: { readonly name: unknown } = factory
    const fits = typeof name === 'string' && typeof factory.open === 'function' && !named.has(name)
    if (!fits) return reader.refuse('audiences', allowed)
    named.set(name, factory)
  }
  return named
}

function resolveOutbox(reader: OptionReader): AnyOutbox | undefined {
  const outbox = object(reader, 'outbox')
  if (outbox === undefined) return undefined
  if (!isOutbox(outbox))
    return reader.refuse('outbox', 'an outbox: an object with isTransaction(), append(), claim() and done()')
  if (outbox.specVersion === 1) return outbox
  throw new ReachError('REACH_SPEC_UNSUPPORTED', 'the outbox was built for another version of the contract')
}

function resolveStore(reader: OptionReader): Store | undefined {
  const store = object(reader, 'store')
  if (store === undefined) return undefined
  if (typeof store.open !== 'function') return reader.refuse('store', 'a store: an object with open()')
  if (store.specVersion === 1) return store
  throw new ReachError(
    'REACH_SPEC_UNSUPPORTED',
    `the store '${store.name}' was built for another version of the contract`,
  )
}

function isGate(gate: Gate): boolean {
  const { name, phase }: { readonly name: unknown; readonly phase: unknown } = gate
  return typeof name === 'string' && (phase === 'message' || phase === 'delivery') && typeof gate.check === 'function'
}

function resolveGates(reader: OptionReader): readonly Gate[] {
  const gates = reader.raw('gates') ?? []
  const allow = reader.raw('allow')
  if (!Array.isArray(gates)) return reader.refuse('gates', 'an array of gates')
  const unfit = (gates as readonly Gate[]).find((gate) => gate.specVersion !== 1)
  if (unfit !== undefined) {
    throw new ReachError(
      'REACH_SPEC_UNSUPPORTED',
      `the gate '${unfit.name}' was built for another version of the contract`,
    )
  }
  if (!(gates as readonly Gate[]).every(isGate))
    reader.refuse('gates', 'an array of gates: a name, a phase and check()')
  if (allow === undefined) return gates
  const fits = Array.isArray(allow) && allow.every((entry) => typeof entry === 'string' && entry !== '')
  if (!fits) return reader.refuse('allow', 'an array of ids and patterns')
  return [allowList(allow as readonly string[]), ...(gates as readonly Gate[])]
}
