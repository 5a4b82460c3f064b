import { ReachError } from '../spec/index.js'
import { createSplitter } from '../splitter/index.js'
import type { Splitter } from '../splitter/index.js'
import type { RouteNode } from './route.js'

type SplitNode = Extract<RouteNode, { readonly kind: 'split' }>

/** The splits in the route of one message type, at weights that may change while they are used. */
export class WiredSplits {
  readonly #key: string
  readonly #nodes: readonly SplitNode[]
  #splitters: ReadonlyMap<SplitNode, Splitter<string>>
  #weights: Readonly<Record<string, number>>

  constructor(key: string, route: RouteNode) {
    this.#key = key
    this.#nodes = splitsIn(route)
    this.#weights = Object.fromEntries(this.#nodes.flatMap(({ legs }) => legs.map((leg) => [leg.channel, leg.weight])))
    this.#splitters = this.#build(this.#weights)
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
      const text = `the splits of '${this.#key}' have no channel '${unknown}'; there are ${known}`
      throw new ReachError('REACH_WEIGHTS_INVALID', text)
    }
    const next = { ...this.#weights, ...weights }
    this.#splitters = this.#build(next)
    this.#weights = next
  }

  /** A channel of the split that has not failed; undefined where none is left. */
  pick(node: SplitNode, unit: number, failed: ReadonlySet<string>): string | undefined {
    return this.#splitters.get(node)?.pickExcept(unit, failed)
  }

  #build(weights: Readonly<Record<string, number>>): ReadonlyMap<SplitNode, Splitter<string>> {
    return new Map(
      this.#nodes.map((node) => {
        const choices = node.legs.map(({ channel, weight }) => [channel, weights[channel] ?? weight] as const)
        return [node, createSplitter(choices)]
      }),
    )
  }
}

function splitsIn(node: RouteNode): readonly SplitNode[] {
  if (node.kind === 'split') return [node]
  return node.kind === 'channel' ? [] : node.legs.flatMap(splitsIn)
}
