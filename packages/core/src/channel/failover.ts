import type { Channel } from '../spec/index.js'
import { joinProviders } from './join-providers.js'

/**
 * One provider, and others that stand by: `email: failover(ses(a), smtp(b))`. A standby, from left to right, is used
 * only where those before it failed and the message certainly was not sent. All must be of one channel and have names
 * of their own.
 * @throws ReachError `REACH_CHANNEL_INVALID` for what is not a channel, another channel, or a provider named twice.
 */
export function failover<Name extends string, Address, Content, Templated extends string>(
  first: Channel<Name, Address, Content, Templated>,
  ...standbys: readonly Channel<NoInfer<Name>, NoInfer<Address>, NoInfer<Content>, Templated>[]
): Channel<Name, Address, Content, Templated> {
  const weights = [first, ...standbys].map((provider, index) => [provider, index === 0 ? 1 : 0] as const)
  return Object.freeze({ ...joinProviders('failover()', weights), name: first.name })
}
