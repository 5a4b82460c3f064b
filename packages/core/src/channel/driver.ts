import type { StandardSchemaV1 } from '@standard-schema/spec'
import { OptionReader, isStandardSchema } from '../options/index.js'
import { channelOf, type AddressOf, type Channel } from '../spec/index.js'
import { assertDriverOptions } from './assert-driver-options.js'
import { assertChannelName, assertPlainName } from './assert-name.js'
import { buildDriver } from './build-driver.js'
import type { ChannelName, ContentFor } from './channel-name.js'
import { driverFields, type DriverOptions } from './driver-options.js'
import { passThrough } from './pass-through.js'

export interface ProviderOptions<Address, Content> extends DriverOptions<Address, Content> {
  /** Who is behind it: a letter, then letters, digits, - and _; at most 32 in all. */
  readonly provider: string
  /** Checks each address before it is used; without it any address is taken. */
  readonly address?: StandardSchemaV1<unknown, Address>
  /** Checks content after its templates are filled in; without it any content is taken. */
  readonly content?: StandardSchemaV1<unknown, Content>
}

/**
 * A provider of one's own for a channel that exists: `driver('sms', { provider: 'acme', deliver })`. Addresses and
 * content have the types of that channel. Without schemas nothing is checked at run time, and without `html` nothing
 * is escaped: a channel with HTML content, such as email, needs `html: ['html']`.
 * @throws ReachError `REACH_CHANNEL_INVALID` naming the field that is wrong and what is allowed.
 */
export function driver<const Name extends ChannelName>(
  channelName: Name,
  options: ProviderOptions<AddressOf<ReachChannels[Name]>, ContentFor<Name>>,
): Channel<Name, AddressOf<ReachChannels[Name]>, ContentFor<Name>> {
  const known = ['provider', 'address', 'content', ...driverFields]
  assertChannelName('driver(): the channel', channelName)
  const subject = `driver for '${channelName}'`
  const reader = new OptionReader('REACH_CHANNEL_INVALID', subject, options, known)
  assertPlainName(`${subject}: provider`, options.provider)
  assertSchemas(reader)
  assertDriverOptions(subject, options, known)
  const { provider, address = passThrough(), content = passThrough() } = options
  return Object.freeze(channelOf(buildDriver({ channel: channelName, provider, address, content }, options)))
}

function assertSchemas(reader: OptionReader): void {
  for (const field of ['address', 'content']) {
    const schema = reader.raw(field)
    if (schema === undefined || isStandardSchema(schema)) continue
    reader.refuse(field, 'a schema that follows Standard Schema v1, or left out')
  }
}
