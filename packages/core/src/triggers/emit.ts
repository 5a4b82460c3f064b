import type { EngineOptions } from '../engine/engine-options.js'
import type { IntakeEngine } from '../intake/intake-engine.js'
import { notify } from '../intake/notify.js'
import { storableCopy } from '../json/index.js'
import { OptionReader, describeKind, isFields } from '../options/index.js'
import { judgeSegment } from '../segment/index.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { Book, Profile } from '../spec/index.js'
import { isEventName } from './trigger.js'
import type { TriggerRule } from './trigger.js'

/** What an event set off: the messages that wait or are sent now, by trigger. */
export interface Emitted {
  readonly id: string
  readonly messages: Readonly<Record<string, string>>
}

export interface EmitCall {
  readonly event: unknown
  readonly user: unknown
  readonly data: unknown
  readonly options: unknown
}

export interface EmitEngine extends IntakeEngine {
  readonly book: Book | undefined
  readonly nextId: () => string
}

/**
 * Notes an event of a recipient, and accepts the messages of its triggers. Once it has answered both are kept; where it
 * throws, the same call with the same `id` is safe to repeat.
 */
export async function emit(call: EmitCall, engine: EmitEngine, options: EngineOptions): Promise<Emitted> {
  const { event } = call
  if (!isEventName(event))
    throw new ReachError('REACH_OPTION_INVALID', 'emit(): the event must be a text of 1 to 200 characters')
  const recipient = recipientOf(call.user)
  const reader = new OptionReader('REACH_OPTION_INVALID', 'emit()', call.options ?? {}, ['id', 'tenant'])
  const id = reader.text('id') ?? engine.nextId()
  const tenant = reader.text('tenant') ?? options.tenant
  const data = call.data === undefined ? {} : storableCopy(call.data, 'data')
  const name = event
  await engine.book?.record(tenant, [{ recipient, name, at: engine.storeClock.now(), id: `${id} ${event}` }])
  const messages: Record<string, string> = {}
  for (const rule of options.triggers.byEvent.get(event) ?? []) {
    if (!(await fits(rule, recipient, data))) continue
    const key = `trigger ${rule.name} ${id}`
    const given = { idempotencyKey: key, tenant, ...(rule.afterMs > 0 && { after: `${rule.afterMs}ms` }) }
    const own = rule.data === undefined ? data : called(rule.name, 'data', rule.data, data)
    const accepted = await notify(
      { key: rule.message, to: call.user, data: own, options: given, trigger: rule.name },
      engine,
      options,
    )
    messages[rule.name] = accepted.id
  }
  return { id, messages }
}

/** The id that events of a recipient are known by. */
function recipientOf(user: unknown): string {
  const id = isFields(user) ? user.id : user
  if (typeof id === 'string' && id !== '') return id
  throw new ReachError(
    'REACH_RECIPIENT_INVALID',
    `emit(): whom the event is about must be an id, or a recipient with one, and was ${describeKind(user)}`,
  )
}

async function fits({ name, when }: TriggerRule, recipient: string, data: unknown): Promise<boolean> {
  if (when === undefined) return true
  if (typeof when === 'function') return (await called(name, 'when', when, data)) === true
  const profile: Profile = { id: recipient, addresses: {}, attributes: isFields(data) ? data : {} }
  const [held] = await judgeSegment(when, [profile], noFacts)
  return held === true
}

const noFacts = { now: 0, events: refuse, received: refuse }

function refuse(): never {
  throw new ReachError('REACH_TRIGGER_INVALID', 'when: only attributes can be asked of the data of an event')
}

function called(name: string, field: string, call: (data: never) => unknown, data: unknown): unknown {
  try {
    return call(data as never)
  } catch (cause) {
    if (isReachError(cause)) throw cause
    const kind = cause instanceof Error ? cause.name : typeof cause
    throw new ReachError('REACH_DATA_INVALID', `the trigger '${name}': ${field} threw ${kind}`, { cause })
  }
}
