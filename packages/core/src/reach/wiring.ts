import type { AnyMessage, InputOf, VendorsOf } from '../message/index.js'
import type { Problem } from '../problem/index.js'
import type { Channel, TemplatedOf } from '../spec/index.js'

/** What may be wired: channels by their names. One that is undefined is left out: `sms: key ? aliyun({ key }) : undefined`. */
export type ChannelMap = Readonly<Record<string, Channel<string, unknown, unknown, string> | undefined>>

/** Each channel stands under its own name. */
export type UnderOwnNames<Channels> = {
  readonly [Name in keyof Channels]: NonNullable<Channels[Name]> extends { readonly name: infer Own extends string }
    ? Name extends Own
      ? unknown
      : Problem<`this is the channel '${Own}'`>
    : never
}

/** Channels that messages have content for and that are not wired: fields that are missing. */
export type ToBeWired<Missing extends string> = {
  readonly [Name in Missing]: Problem<'a message has content for this channel: wire it'>
}

/** The channels that message types have content for. */
export type ChannelsOf<Each> = Each extends AnyMessage ? keyof VendorsOf<Each> & string : never

/** Every message has a template for each provider that cannot send without one. */
export type WithTemplates<Messages, Channels> = {
  readonly [Index in keyof Messages]: [MissingTemplates<VendorsOf<Messages[Index]>, Channels>] extends [never]
    ? Messages[Index]
    : Problem<`missing: ${MissingTemplates<VendorsOf<Messages[Index]>, Channels>}`>
}

type MissingTemplates<Vendors, Channels> = {
  [Name in keyof Vendors & keyof Channels & string]: Named<
    Name,
    Exclude<TemplatedOf<NonNullable<Channels[Name]>>, Vendors[Name]>
  >
}[keyof Vendors & keyof Channels & string]

type Named<Name extends string, Vendor extends string> = Vendor extends Vendor
  ? `content.${Name}.vendors.${Vendor}`
  : never

/** The data of each message type, by its key. */
export type InputsByKey<Messages extends readonly AnyMessage[]> = {
  readonly [Each in Messages[number] as Each['key']]: InputOf<Each>
}

/** Whose transactions `in(tx)` takes: the outbox's, or else the store's. */
export type TransactionOf<StoreTransaction, OutboxTransaction> = [OutboxTransaction] extends [never]
  ? [StoreTransaction] extends [never]
    ? Problem<'this store has no transactions: give createReach an outbox'>
    : StoreTransaction
  : OutboxTransaction
