import type { ChannelDriver } from './driver.js'

declare global {
  /**
   * The channels that message types may have content for. A channel package adds its own; so does an app:
   * `declare global { interface ReachChannels { pager: typeof pager } }`.
   * A global interface, because one of a module would be lost where two files name the module differently.
   */
  interface ReachChannels {}
}

declare const types: unique symbol

/** One provider of a channel, with its weight in the split. */
export interface WeightedDriver<Address = never, Content = never> {
  readonly driver: ChannelDriver<Address, Content>
  readonly weight: number
}

/** What a split is sticky by: nothing that lasts (each message anew), or the recipient. */
export type Stickiness = 'message' | 'recipient'

/**
 * A channel as it is wired in `createReach({ channels })`: a name, and one provider or several. `Templated` names the
 * providers that cannot send without a template of theirs in `content.<channel>.vendors`.
 */
export interface Channel<Name extends string, Address, Content, Templated extends string = never> {
  readonly name: Name
  readonly drivers: readonly WeightedDriver<never, never>[]
  readonly sticky: Stickiness
  readonly [types]?: { readonly address: Address; readonly content: Content; readonly templated: Templated } | undefined
}

/** Any channel, whatever its types. */
export type AnyChannel = Channel<string, unknown, unknown, string>

export type AddressOf<C> = C extends { readonly [types]?: { readonly address: infer Address } | undefined }
  ? Address
  : never
export type ContentOf<C> = C extends { readonly [types]?: { readonly content: infer Content } | undefined }
  ? Content
  : never
export type TemplatedOf<C> = C extends { readonly [types]?: { readonly templated: infer P } | undefined }
  ? P & string
  : never

/** A channel with one driver: what a driver package's factory answers. */
export function channelOf<const Name extends string, Address, Content, Templated extends string = never>(
  driver: ChannelDriver<Address, Content> & { readonly channel: Name },
): Channel<Name, Address, Content, Templated> {
  const drivers: readonly WeightedDriver<Address, Content>[] = [{ driver, weight: 1 }]
  return { name: driver.channel, drivers: drivers as readonly WeightedDriver<never, never>[], sticky: 'message' }
}
