import { isFields } from '../options/index.js'

const brand: unique symbol = Symbol.for('reachkit.receivers') as never

/** Stands for whoever operators set as receivers of a message type; see `receivers`. */
export interface Receivers {
  readonly [brand]: true
}

/**
 * Sends to whoever operators set as receivers of the message type: `notify('server.down', receivers, data)`. They are
 * set with `reach.receivers.set(key, ids)`, without a deploy, and read when `notify` is called.
 */
export const receivers: Receivers = Object.freeze<Receivers>({ [brand]: true })

/** True for `receivers`, whichever copy of the package it is of. */
export function isReceivers(value: unknown): value is Receivers {
  return isFields(value) && brand in value
}
