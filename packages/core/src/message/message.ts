import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ChannelName } from '../channel/index.js'
import type { Duration } from '../duration/index.js'
import type { VendorsIn } from './check-content.js'
import type { MessageOptions, NoData } from './message-options.js'
import { parseDefinition } from './parse-definition.js'
import { messageOf, type Message } from './typed-message.js'

/**
 * Defines a message type: `message('order.paid', { data, content: { email, sms }, route })`. See `MessageOptions` for
 * every option and its default. All is checked here, once; the answer never changes and is listed in
 * `createReach({ messages })`.
 *
 * `key` names the type in every environment: letters, digits and `. _ - : /`, at most 128, with a letter or digit first.
 * @throws ReachError `REACH_MESSAGE_INVALID` naming the key, the field and what is allowed; `REACH_ROUTE_INVALID` for
 * a route that names a channel without content.
 */
export function message<
  const Key extends string,
  Name extends ChannelName,
  const Content,
  Schema extends StandardSchemaV1 = StandardSchemaV1<NoData, {}>,
  Routed extends ChannelName = never,
  Window extends Duration = never,
>(
  key: Key,
  options: MessageOptions<Name, Content, Schema, Routed, Window>,
): Message<Key, StandardSchemaV1.InferInput<Schema>, VendorsByChannel<Name, Content>> {
  return messageOf(key, parseDefinition(key, options))
}

export type VendorsByChannel<Name extends string, Content> = {
  readonly [Each in Name]: Each extends keyof Content ? VendorsIn<Content[Each]> : never
}
