import { shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { Random } from '../spec/index.js'
import { createSplitter, createStickySplitter } from '../splitter/index.js'
import type { RouteNode } from './route.js'

type SplitNode = Extract<RouteNode, { readonly kind: 'split' }>
type Pick = (key: string, failed: ReadonlySet<string>, random: Random) => string | undefined

/** The splits in the route of one message type, at weights that may change while they are used. */
export class WiredSplits {
  readonly #key: string
  readonly #nodes: readonly SplitNode[]
  #picks: ReadonlyMap<SplitNode, Pick>
  #weights: Readonly<Record<string, number>>

  constructor(key: string, route: RouteNode) {
    this.#key = key
    this.#nodes = splitsIn(route)
    this.#weights = Object.fromEntries(this.#nodes.flatMap(({ legs }) => legs.map((leg) => [leg.channel, leg.weight])))
    this.#picks = this.#build(this.#weights)
  }

  get weights(): Readonly<Record<string, number>> {
    return this.#weights
  }

  /**
   * From now on these weights; a channel that is not named keeps its own.
   * @throws ReachError `REACH_WEIGHTS_INVALID` for a channel that no split of the type has, or weights that are none.
   */
  reweigh(weights: Readonly<Record<string, number>>): void {
    const unknown = Object.keys(weights).find((channel) => this.#weights[channel] === undefined)
    if (unknown !== undefined) {
      const known = Object.keys(this.#weights).join(', ') || 'none'
      const text = `the splits of '${this.#key}' have no channel '${shownName(unknown)}'; there are ${known}`
      throw new ReachError('REACH_WEIGHTS_INVALID', text)
    }
    const next = { ...this.#weights, ...weights }
    this.#picks = this.#build(next)
    this.#weights = next
  }

  /** A channel of the split that has not failed: drawn, or the one that `key` keeps. Undefined where none is left. */
  pick(node: SplitNode, key: string, failed: ReadonlySet<string>, random: Random): string | undefined {
    return this.#picks.get(node)?.(key, failed, random)
  }

  #build(weights: Readonly<Record<string, number>>): ReadonlyMap<SplitNode, Pick> {
    return new Map(this.#nodes.map((node) => [node, this.#pickOf(node, weights)]))
  }

  #pickOf({ legs, sticky }: SplitNode, weights: Readonly<Record<string, number>>): Pick {
    const choices = legs.map(({ channel, weight }) => [channel, weights[channel] ?? weight] as const)
    if (sticky === 'recipient') {
      const keeping = createStickySplitter(choices, this.#key)
      return (key, failed) => keeping.pickExcept(key, failed)
    }
    const splitter = createSplitter(choices)
    return (_key, failed, random) => splitter.pickExcept(random.next(), failed)
  }
}

function splitsIn(node: RouteNode): readonly SplitNode[] {
  if (node.kind === 'split') return [node]
  return node.kind === 'channel' ? [] : node.legs.flatMap(splitsIn)
}
