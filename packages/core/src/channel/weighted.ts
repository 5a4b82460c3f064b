import { describeKind, parseStickiness } from '../options/index.js'
import { ReachError, type Channel, type Stickiness } from '../spec/index.js'
import { createSplitter } from '../splitter/index.js'
import { joinProviders } from './join-providers.js'

/** A channel with several providers, one of which is chosen by chance for each message. */
export interface WeightedChannel<Name extends string, Address, Content, Templated extends string>
  extends Channel<Name, Address, Content, Templated> {
  /**
   * By what the choice is made: `'recipient'` keeps each recipient with one provider, `'message'`, as without this
   * call, chooses anew for each message.
   * @throws ReachError `REACH_OPTION_INVALID` for anything else.
   */
  readonly stickyBy: (by: Stickiness) => Channel<Name, Address, Content, Templated>
}

/**
 * Splits a channel among providers by weight: `sms: weighted([aliyun(a), 70], [tencent(b), 30])`. Weights are
 * proportions of any sum; a provider of weight 0 is used only where the others failed. All must be of one channel and
 * have names of their own.
 * @throws ReachError `REACH_CHANNEL_INVALID` for what is not a pair, another channel, or a provider named twice;
 * `REACH_WEIGHTS_INVALID` for a weight that is no number of at least 0, or where none is above 0.
 */
export function weighted<Name extends string, Address, Content, Templated extends string>(
  first: readonly [provider: Channel<Name, Address, Content, Templated>, weight: number],
  ...others: readonly (readonly [
    provider: Channel<NoInfer<Name>, NoInfer<Address>, NoInfer<Content>, Templated>,
    weight: number,
  ])[]
): WeightedChannel<Name, Address, Content, Templated> {
  const pairs: readonly unknown[] = [first, ...others]
  const joined = joinProviders('weighted()', createSplitter(pairs.map(parsePair)).weights)
  const channel = { ...joined, name: first[0].name }
  return Object.freeze({
    ...channel,
    stickyBy: (by: Stickiness): Channel<Name, Address, Content, Templated> =>
      Object.freeze({ ...channel, sticky: parseStickiness(by) }),
  })
}

function parsePair(pair: unknown, index: number): readonly [unknown, number] {
  const place = `weighted(), provider ${index + 1}`
  if (!Array.isArray(pair) || pair.length !== 2) {
    const given = describeKind(pair)
    throw new ReachError('REACH_CHANNEL_INVALID', `${place} must be a pair [provider, weight], and was ${given}.`)
  }
  const [provider, weight]: readonly unknown[] = pair
  if (typeof weight === 'number') return [provider, weight]
  throw new ReachError(
    'REACH_WEIGHTS_INVALID',
    `${place}: the weight must be a number, and was ${describeKind(weight)}.`,
  )
}
