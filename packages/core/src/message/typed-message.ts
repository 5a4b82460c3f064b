import { describeKind, isFields } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { MessageDefinition } from './definition.js'

const definition: unique symbol = Symbol.for('reachkit.message') as never
declare const types: unique symbol

/**
 * A message type, as `message` answers it: its key, the data that `notify` takes, and for each channel that it has
 * content for the providers that it has a template for.
 */
export interface Message<Key extends string, Input, VendorsByChannel> {
  readonly key: Key
  readonly [definition]: MessageDefinition
  readonly [types]?: { readonly input: Input; readonly vendors: VendorsByChannel } | undefined
}

export type AnyMessage = Message<string, unknown, unknown>

/** The data that `notify` takes for a message type. */
export type InputOf<Type> = Type extends Message<string, infer Input, unknown> ? Input : never

/** By channel, the providers that a message type has a template for. */
export type VendorsOf<Type> = Type extends Message<string, unknown, infer Vendors> ? Vendors : never

export function messageOf<Key extends string, Input, Vendors>(
  key: Key,
  checked: MessageDefinition,
): Message<Key, Input, Vendors> {
  return Object.freeze({ key, [definition]: checked })
}

/** True for a message type, whichever copy of the package made it. */
export function isMessage(value: unknown): value is AnyMessage {
  return isFields(value) && definition in value
}

/**
 * What the engine works with: a message type, checked, with every default filled in.
 * @throws ReachError `REACH_MESSAGE_INVALID` for what `message` did not make.
 */
export function definitionOf(message: AnyMessage): MessageDefinition {
  if (isMessage(message)) return message[definition]
  throw new ReachError(
    'REACH_MESSAGE_INVALID',
    `A message type must be made by message(), and was ${describeKind(message)}.`,
  )
}
