import type { StandardSchemaV1 } from '@standard-schema/spec'
import { OptionReader, isStandardSchema } from '../options/index.js'
import { channelOf, type Channel } from '../spec/index.js'
import { assertChannelName, assertPlainName } from './assert-name.js'
import { assertDriverOptions } from './assert-driver-options.js'
import { buildDriver } from './build-driver.js'
import { driverFields, type DriverOptions } from './driver-options.js'

/** A schema says what is written (`Input`) and what `deliver` gets (`Output`). */
export interface ChannelOptions<Name extends string, AddressInput, AddressOutput, ContentInput, ContentOutput>
  extends DriverOptions<AddressOutput, ContentOutput> {
  /** A letter, then letters, digits, - and _; at most 32 in all. */
  readonly name: Name
  /** Who is behind the channel; its name unless told. */
  readonly provider?: string
  /** What an address of this channel looks like. */
  readonly address: StandardSchemaV1<AddressInput, AddressOutput>
  /** What message types write for this channel. */
  readonly content: StandardSchemaV1<ContentInput, ContentOutput>
}

/**
 * A channel of the app's own: a name, schemas of its addresses and content (any Standard Schema), and how to send.
 * To write content for it, tell the compiler once: `declare global { interface ReachChannels { pager: typeof pager } }`.
 * Content is checked after its templates are filled in; `deliver` gets what the schemas answer.
 * @throws ReachError `REACH_CHANNEL_INVALID` naming the field that is wrong and what is allowed.
 */
export function channel<const Name extends string, AddressInput, AddressOutput, ContentInput, ContentOutput>(
  options: ChannelOptions<Name, AddressInput, AddressOutput, ContentInput, ContentOutput>,
): Channel<Name, AddressInput, ContentInput> {
  const known = ['name', 'provider', 'address', 'content', ...driverFields]
  const reader = new OptionReader('REACH_CHANNEL_INVALID', 'channel()', options, known)
  assertChannelName('channel(): name', options.name)
  const { name, provider = name, address, content } = options
  assertPlainName(`channel '${name}': provider`, provider)
  assertSchemas(reader)
  assertDriverOptions(`channel '${name}'`, options, known)
  const { drivers, sticky } = channelOf(buildDriver({ channel: name, provider, address, content }, options))
  return Object.freeze({ name, drivers, sticky })
}

function assertSchemas(reader: OptionReader): void {
  for (const field of ['address', 'content']) {
    if (!isStandardSchema(reader.raw(field))) reader.refuse(field, 'a schema that follows Standard Schema v1')
  }
}
