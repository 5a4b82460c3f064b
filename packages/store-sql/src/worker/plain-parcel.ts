import type { NewMessage, NewParcel } from '@reachkit/core/spec'

/** A parcel whose fields are all its own, to be copied into another thread or written as JSON: texts may be made when they are read. */
export function plainParcel(parcel: NewParcel): NewParcel {
  return { ...parcel, messages: parcel.messages.map(plainMessage) }
}

function plainMessage(message: NewMessage): NewMessage {
  const { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest } = message
  return { type, version, recipient, inline, data, lane, labels, sandbox, expires, digest }
}
