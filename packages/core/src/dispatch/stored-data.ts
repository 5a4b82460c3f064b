import type { MessageDefinition } from '../message/definition.js'
import type { ClaimedMessage } from '../spec/index.js'

type Stored = Pick<ClaimedMessage, 'value' | 'data' | 'version'>

/** The data of a message as its type has it now, brought up from the version that stored it; or why there is none. */
export function readData(
  message: Stored,
  definition: Pick<MessageDefinition, 'version' | 'upgrade'>,
): { readonly data: unknown } | 'unreadable' | 'upgrade-failed' {
  const stored = parsed(message)
  if (stored === undefined) return 'unreadable'
  return message.version < definition.version ? upgraded(stored.data, message, definition) : stored
}

function parsed({ value, data }: Stored): { readonly data: unknown } | undefined {
  if (value !== undefined) return { data: value }
  try {
    return { data: JSON.parse(data) }
  } catch {
    return undefined
  }
}

/** What throws may be mended by the next deploy. */
function upgraded(
  stored: unknown,
  { version }: Stored,
  { upgrade }: Pick<MessageDefinition, 'upgrade'>,
): { readonly data: unknown } | 'upgrade-failed' {
  try {
    return { data: upgrade === undefined ? stored : upgrade(stored as never, version) }
  } catch {
    return 'upgrade-failed'
  }
}
