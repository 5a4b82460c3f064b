import type { AddressOf, Directory, DirectoryContext, Recipient } from '../spec/index.js'
import type { Receivers } from './receivers.js'

/** The address of each channel that is wired. Inferred once more, so that the compiler prints the fields. */
export type AddressesOf<Channels> = {
  readonly [Name in keyof Channels]?: AddressOf<NonNullable<Channels[Name]>> | undefined
} extends infer Addresses
  ? Addresses
  : never

/**
 * A recipient given with the call: addresses by channel beside what is known of the person, `{ email, locale: 'de' }`.
 * With an `id` the given addresses come before those of the directory, and preferences and caps of that person count.
 */
export type InlineRecipient<Addresses> = {
  readonly id?: string | undefined
  readonly locale?: string | undefined
  /** An IANA time zone, `Asia/Shanghai`. */
  readonly zone?: string | undefined
} & Addresses

/** One recipient: an id that the directory knows, or one given inline. A bare string is always an id. */
export type OneRecipient<Addresses> = string | InlineRecipient<Addresses>

/** Who a message goes to: one, several, or `receivers`. */
export type To<Addresses> = OneRecipient<Addresses> | readonly OneRecipient<Addresses>[] | Receivers

/** A person as the app's own directory tells it, with addresses of the wired channels checked. */
export interface Person<Addresses> extends Omit<Recipient, 'addresses'> {
  readonly addresses: Addresses
}

/** Reads the app's own people in batches of at most 500; see `Directory` for what is promised. */
export type ReadDirectory<Addresses> = (
  ids: readonly string[],
  context: DirectoryContext,
) => Promise<readonly Person<Addresses>[]>

export type DirectoryOption<Addresses> = ReadDirectory<Addresses> | Directory
