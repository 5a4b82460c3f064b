import type { Duration } from '../duration/index.js'
import { parseDuration } from '../duration/index.js'
import { definitionOf } from '../message/index.js'
import type { AnyMessage, InputOf } from '../message/index.js'
import { OptionReader } from '../options/index.js'
import { parseSegment } from '../segment/index.js'
import { ReachError } from '../spec/index.js'
import type { Segment } from '../spec/index.js'

declare const brand: unique symbol

/** A rule that turns a business event into messages: an entry of `createReach({ triggers })`. */
export interface Trigger {
  readonly [brand]: 'trigger'
}

export interface TriggerOptions<Sent extends AnyMessage, Data> {
  /** The message type that is sent to whom the event is about. */
  readonly send: Sent
  /** Unique among the triggers; the event and the message type unless told. */
  readonly name?: string | undefined
  /** How long after the event; at once unless told. */
  readonly after?: Duration | undefined
  /** Not sent where one of these events of the same recipient came before it was. */
  readonly unless?: string | readonly string[] | undefined
  /** At most one message of this trigger to a recipient in so long. */
  readonly atMostOnce?: Duration | undefined
  /** Only for events whose data fits: a function, or conditions on its fields as those on attributes of a segment. */
  readonly when?: ((data: Data) => boolean) | Segment | undefined
  /** The data of the message, made of that of the event; the event's own unless told. */
  readonly data?: ((data: Data) => InputOf<Sent>) | undefined
}

/** A trigger, checked and with every default filled in. */
export interface TriggerRule {
  readonly name: string
  readonly event: string
  readonly message: string
  readonly afterMs: number
  readonly unless: readonly string[]
  readonly atMostOnceMs: number | undefined
  readonly when: ((data: never) => unknown) | Segment | undefined
  readonly data: ((data: never) => unknown) | undefined
}

const rules = new WeakMap<object, TriggerRule>()
const known = ['send', 'name', 'after', 'unless', 'atMostOnce', 'when', 'data'] as const

/**
 * Sends a message when something happened: `trigger('cart.abandoned', { send: cartReminder, after: '1h', unless:
 * 'order.paid', atMostOnce: '7d' })`, for each `reach.emit('cart.abandoned', user, data)`. It outlives the process as
 * messages do: it is one that waits.
 * @throws ReachError `REACH_TRIGGER_INVALID` naming the field and what is allowed.
 */
export function trigger<const Sent extends AnyMessage, Data = InputOf<Sent>>(
  event: string,
  options: TriggerOptions<Sent, Data>,
): Trigger {
  const made = Object.freeze({}) as Trigger
  rules.set(made, parseRule(event, options))
  return made
}

/** @throws ReachError `REACH_TRIGGER_INVALID` for what `trigger` did not make. */
export function ruleOf(made: unknown): TriggerRule {
  const rule = typeof made === 'object' && made !== null ? rules.get(made) : undefined
  if (rule !== undefined) return rule
  throw new ReachError('REACH_TRIGGER_INVALID', 'createReach: triggers must be an array of what trigger() answers')
}

function parseRule(event: unknown, options: unknown): TriggerRule {
  if (!isEventName(event))
    throw new ReachError('REACH_TRIGGER_INVALID', 'trigger(): the event must be a text of 1 to 200 characters')
  const subject = `trigger '${event}'`
  const reader = new OptionReader('REACH_TRIGGER_INVALID', subject, options, known)
  const message = messageOf(reader)
  const name = reader.text('name') ?? `${event} > ${message}`
  if (name.length > 200) return reader.refuse('name', 'at most 200 characters')
  return {
    name,
    event,
    message,
    afterMs: reader.durationMs('after') ?? 0,
    unless: parseUnless(reader),
    atMostOnceMs: reader.durationMs('atMostOnce', parseDuration('1s', 'atMostOnce')),
    when: parseWhen(reader),
    data: reader.func('data'),
  }
}

function messageOf(reader: OptionReader): string {
  try {
    return definitionOf(reader.raw('send') as AnyMessage).key
  } catch {
    return reader.refuse('send', 'a message type: what message() answers')
  }
}

function parseUnless(reader: OptionReader): readonly string[] {
  const unless = reader.raw('unless')
  if (unless === undefined) return []
  const events: readonly unknown[] = Array.isArray(unless) ? unless : [unless]
  return events.every(isEventName) ? events : reader.refuse('unless', 'the name of an event, or an array of some')
}

function parseWhen(reader: OptionReader): TriggerRule['when'] {
  const when = reader.raw('when')
  if (when === undefined || typeof when === 'function') return when as TriggerRule['when']
  return parseSegment(when)
}

/** True for what an event may be called. */
export function isEventName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200
}
