import type { EngineOptions } from '../engine/engine-options.js'
import { readReceivers } from '../engine/receivers-documents.js'
import { rejected } from '../io/rejected.js'
import { storableCopy } from '../json/index.js'
import type { MessageDefinition } from '../message/index.js'
import { nearestName, shownName } from '../options/index.js'
import { acceptedAll, acceptedOne } from './accepted.js'
import type { Accepted } from '../reach/notify-types.js'
import { isReceivers } from '../reach/receivers.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { MessageLabels } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { IntakeData, IntakeMessage } from './intake-message.js'
import type { IntakeEngine } from './intake-engine.js'
import { dedupeDigest } from './digest.js'
import { parseData } from './parse-data.js'
import { parseNotifyOptions } from './parse-notify-options.js'
import type { NotifyPlan } from './parse-notify-options.js'
import { parseRecipient } from './parse-to.js'
import type { Addressee, ToContext } from './parse-to.js'
import type { Intake } from './parcels.js'

export interface NotifyCall {
  readonly key: string
  readonly to: unknown
  readonly data: unknown
  readonly options: unknown
  /** The trigger that makes the call. */
  readonly trigger?: string
}

/** Everything of a call that does not depend on the recipient. */
interface Draft {
  readonly definition: MessageDefinition
  readonly plan: NotifyPlan
  readonly data: IntakeData
  readonly labels: MessageLabels
  /** The key that the caller or the type gave. */
  readonly dedupe: string | undefined
}

/** Checks one call whole before anything of it is stored, then accepts a message for each recipient. */
export function notify(call: NotifyCall, engine: IntakeEngine, options: EngineOptions): Promise<Accepted> {
  try {
    const draft = parseCall(call, engine, options)
    if (draft instanceof Promise) return draft.then((parsed) => acceptCall(call, parsed, engine, options))
    return acceptCall(call, draft, engine, options)
  } catch (error) {
    return rejected(error)
  }
}

function acceptCall(call: NotifyCall, draft: Draft, engine: IntakeEngine, options: EngineOptions): Promise<Accepted> {
  if (typeof call.to !== 'string') return acceptList(call, draft, engine, options)
  const context = toContext(call.key, draft, engine, options)
  if (!context.hasDirectory) return acceptList(call, draft, engine, options)
  const intake = intakeOf(parseRecipient(call.to, context), draft)
  return engine.accepts.accept(intake).then((accepted) => acceptedOne(accepted, engine.waits))
}

async function acceptList(
  call: NotifyCall,
  draft: Draft,
  engine: IntakeEngine,
  options: EngineOptions,
): Promise<Accepted> {
  const intakes = await intakesOf(await readTo(call, draft, engine, options), call.key, draft, engine, options)
  return acceptedAll(await engine.accepts.acceptAll(intakes), engine.waits, engine.context.clock)
}

/** The messages of a call, every one of them checked and none stored. */
export async function draftIntakes(
  call: NotifyCall,
  engine: IntakeEngine,
  options: EngineOptions,
): Promise<readonly Intake[]> {
  const draft = await parseCall(call, engine, options)
  return intakesOf(await readTo(call, draft, engine, options), call.key, draft, engine, options)
}

/** The message of a call to one recipient, not stored. */
export async function draftIntake(call: NotifyCall, engine: IntakeEngine, options: EngineOptions): Promise<Intake> {
  const draft = await parseCall(call, engine, options)
  await engine.people?.look(draft.plan.tenant)
  return intakeOf(parseRecipient(call.to, toContext(call.key, draft, engine, options)), draft)
}

function parseCall(call: NotifyCall, engine: IntakeEngine, options: EngineOptions): Draft | Promise<Draft> {
  const definition = definitionFor(call.key, options.definitions)
  const value = parseData(definition, call.data)
  const draft = (checked: unknown): Draft => draftOf(definition, call, checked, engine.storeClock.now(), options)
  return value instanceof Promise ? value.then(draft) : draft(value)
}

/** @throws ReachError `REACH_MESSAGE_UNKNOWN` with the nearest key that there is. */
export function definitionFor(key: unknown, definitions: ReadonlyMap<string, MessageDefinition>): MessageDefinition {
  const definition = typeof key === 'string' ? definitions.get(key) : undefined
  if (definition !== undefined) return definition
  if (typeof key !== 'string')
    throw new ReachError('REACH_MESSAGE_UNKNOWN', `the key of a message type is a string, not ${typeof key}`)
  const near = nearestName(key, [...definitions.keys()])
  const hint = near === undefined ? '' : `; did you mean '${near}'?`
  throw new ReachError('REACH_MESSAGE_UNKNOWN', `no message type has the key '${shownName(key)}'${hint}`)
}

function draftOf(
  definition: MessageDefinition,
  call: NotifyCall,
  value: unknown,
  now: number,
  options: EngineOptions,
): Draft {
  const plan = parseNotifyOptions(definition, call.options, options, now)
  const { labels } = definition
  return {
    definition,
    plan,
    data: new IntakeData(storableCopy(value, 'data')),
    labels: labelsOf(labels, plan.group, call.trigger),
    dedupe: plan.key ?? dedupeOf(definition, value),
  }
}

function labelsOf(labels: MessageLabels, group: string | undefined, trigger: string | undefined): MessageLabels {
  if (group === undefined && trigger === undefined) return labels
  return { ...labels, ...(group !== undefined && { group }), ...(trigger !== undefined && { trigger }) }
}

function derive(key: string, dedupe: (data: never) => string, value: unknown): unknown {
  try {
    return dedupe(value as never)
  } catch (cause) {
    if (isReachError(cause)) throw cause
    throw new ReachError(
      'REACH_MESSAGE_INVALID',
      `'${key}': dedupe threw ${cause instanceof Error ? cause.name : typeof cause}`,
      { cause },
    )
  }
}

function dedupeOf({ key, dedupe }: MessageDefinition, value: unknown): string | undefined {
  const derived: unknown = dedupe === undefined ? undefined : derive(key, dedupe, value)
  if (derived === undefined || typeof derived === 'string') return derived
  throw new ReachError('REACH_MESSAGE_INVALID', `'${key}': dedupe must answer a string, and answered ${typeof derived}`)
}

function toContext(
  key: string,
  { plan }: Draft,
  { people }: IntakeEngine,
  { channels, directory }: EngineOptions,
): ToContext {
  const hasDirectory = people === undefined ? directory !== undefined : people.isKnown(plan.tenant)
  return { key, channels, hasDirectory }
}

async function readTo(call: NotifyCall, draft: Draft, engine: IntakeEngine, options: EngineOptions): Promise<unknown> {
  if (!isReceivers(call.to)) return call.to
  const directory = engine.people?.directory ?? options.directory
  return readReceivers(engine.state, call.key, draft.plan.tenant, directory, engine.context.aborting)
}

/** A message for each recipient, every one of them checked. */
async function intakesOf(
  to: unknown,
  key: string,
  draft: Draft,
  engine: IntakeEngine,
  options: EngineOptions,
): Promise<readonly Intake[]> {
  const recipients: readonly unknown[] = Array.isArray(to) ? to : [to]
  if (recipients.length === 0)
    throw new ReachError('REACH_RECIPIENT_INVALID', `'${key}': the list of recipients is empty`)
  const named = recipients.some((recipient) => typeof recipient === 'string')
  if (named) await engine.people?.look(draft.plan.tenant)
  const context = toContext(key, draft, engine, options)
  const yielder = createYielder(engine.context.clock)
  const intakes: Intake[] = []
  for (const recipient of recipients) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    intakes.push(intakeOf(parseRecipient(recipient, context), draft))
  }
  await yielder.handOver()
  return intakes
}

function intakeOf({ id, inline }: Addressee, { definition, plan, data, labels, dedupe }: Draft): Intake {
  const { tenant, due, lane, sandbox, expires } = plan
  const digest = dedupe === undefined ? undefined : dedupeDigest(tenant, definition.key, id, dedupe)
  const { key: type, version } = definition
  const fields = { type, version, recipient: id, inline, lane, labels, sandbox, expires, digest }
  return { tenant, due, message: new IntakeMessage(fields, data) }
}
