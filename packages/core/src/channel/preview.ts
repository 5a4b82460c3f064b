import { OptionReader, isFields } from '../options/index.js'
import { sent, type AddressOf, type Channel, type ChannelDriver, type DeliveryRequest } from '../spec/index.js'
import type { ChannelName, ContentFor } from './channel-name.js'
import { driver } from './driver.js'

export interface PreviewOptions {
  /** Where it is printed; standard output unless told. It gets addresses and content: hand in no log. */
  readonly writer?: { write(text: string): unknown }
  /** `'recipient'` for a channel that needs no address, such as an inbox. */
  readonly addressing?: ChannelDriver['addressing']
  /** Content fields that are HTML, escaped as the real driver would. */
  readonly html?: readonly string[]
}

/**
 * Prints messages of a channel instead of sending them: `channels: { email: preview('email') }`. It needs no account,
 * counts every message as sent, and checks neither address nor content.
 * @throws ReachError `REACH_CHANNEL_INVALID` for a wrong name or option.
 */
export function preview<const Name extends ChannelName>(
  name: Name,
  options: PreviewOptions = {},
): Channel<Name, AddressOf<ReachChannels[Name]>, ContentFor<Name>> {
  const known = ['writer', 'addressing', 'html']
  const reader = new OptionReader('REACH_CHANNEL_INVALID', `preview of '${name}'`, options, known)
  if (!isWriter(options.writer ?? process.stdout)) reader.refuse('writer', 'an object with the function write')
  const { writer = process.stdout, ...rest } = options
  return driver(name, {
    provider: 'preview',
    ...rest,
    async deliver(request) {
      writer.write(printed(name, request))
      return sent()
    },
  })
}

function isWriter(writer: unknown): boolean {
  return isFields(writer) && typeof writer['write'] === 'function'
}

function printed(name: string, { to, type, id, content }: DeliveryRequest): string {
  const fields = isFields(content) ? Object.entries(content) : [['content', content] as const]
  const lines = fields.map(([field, value]) => `  ${field}: ${readable(value)}\n`)
  return `${name} to ${readable(to)}: ${type} (${id})\n${lines.join('')}`
}

function readable(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}
