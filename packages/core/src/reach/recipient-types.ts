import type { AddressOf, Directory, DirectoryContext, Recipient } from '../spec/index.js'
import type { Receivers } from './receivers.js'

/** Addresses by channel, of the channels that are wired. */
export type Addresses<Channels> = {
  readonly [Name in keyof Channels]?: AddressOf<NonNullable<Channels[Name]>> | undefined
}

/**
 * A recipient given with the call: addresses by channel beside what is known of the person, `{ email, locale: 'de' }`.
 * With an `id` the given addresses come before those of the directory, and preferences and caps of that person count.
 */
export type InlineRecipient<Channels> = {
  readonly id?: string | undefined
  readonly locale?: string | undefined
  /** An IANA time zone, `Asia/Shanghai`. */
  readonly zone?: string | undefined
} & Addresses<Channels>

/** One recipient: an id that the directory knows, or one given inline. A bare string is always an id. */
export type OneRecipient<Channels> = string | InlineRecipient<Channels>

/** Who a message goes to: one, several, or `receivers`. */
export type To<Channels> = OneRecipient<Channels> | readonly OneRecipient<Channels>[] | Receivers

/** A person as the app's own directory tells it, with addresses of the wired channels checked. */
export interface Person<Channels> extends Omit<Recipient, 'addresses'> {
  readonly addresses: Addresses<Channels>
}

/** Reads the app's own people in batches of at most 500; see `Directory` for what is promised. */
export type ReadDirectory<Channels> = (
  ids: readonly string[],
  context: DirectoryContext,
) => Promise<readonly Person<Channels>[]>

export type DirectoryOption<Channels> = ReadDirectory<Channels> | Directory
