import { ReachError } from '../spec/errors.js'
import { createSplitter } from './splitter.js'
import { stickyUnit } from './sticky-unit.js'

/** A weighted choice that a key, such as the id of a recipient, keeps. Fixed when it is made, as `Splitter` is. */
export interface StickySplitter<T> {
  /** The choice of a key: over many keys, each as often as its weight says. A choice of weight 0 is never picked. */
  pick(key: string): T
  /**
   * The choice of a key among those that are not excluded: only the keys of excluded ones go elsewhere. Where none with
   * a weight is left, the first of weight 0 that is not excluded: a standby. Undefined where all are excluded.
   */
  pickExcept(key: string, excluded: ReadonlySet<T>): T | undefined
  /** The choices and weights it was made of, as given. */
  readonly weights: readonly (readonly [T, number])[]
}

/**
 * Creates a sticky splitter of choices that have names of their own. A key answers the same in every process, on every
 * machine and in every release, whatever the order of the choices: they are known by their names. When weights change,
 * or a choice comes or goes, only those keys move that must: to a choice that grew, or away from one that shrank, and
 * never between two others. `salt` names what is chosen, such as a route; with another one the same keys fall anew.
 *
 * It is weighted rendezvous hashing: a hash of its name and the key tells how long each choice takes to arrive, the
 * heavier the sooner, and the first to arrive is picked. So a changed weight moves one arrival and no other.
 * @throws ReachError `REACH_WEIGHTS_INVALID` where a weight is negative or not finite, or none is above 0.
 */
export function createStickySplitter<T extends string | { readonly name: string }>(
  choices: readonly (readonly [T, number])[],
  salt: string,
): StickySplitter<T> {
  const { weights } = createSplitter(choices)
  const live = weights.filter(([, weight]) => weight > 0)
  const standby = weights.filter(([, weight]) => weight === 0)

  function pickExcept(key: string, excluded: ReadonlySet<T>): T | undefined {
    const left = excluded.size === 0 ? live : live.filter(([choice]) => !excluded.has(choice))
    if (left.length > 0) return firstToArrive(left, salt, key)
    return standby.find(([choice]) => !excluded.has(choice))?.[0]
  }

  return Object.freeze({ pick: (key: string) => firstToArrive(live, salt, key), pickExcept, weights })
}

function firstToArrive<T extends string | { readonly name: string }>(
  live: readonly (readonly [T, number])[],
  salt: string,
  key: string,
): T {
  let first: T | undefined
  let soonest = Number.POSITIVE_INFINITY
  for (const [choice, weight] of live) {
    const unit = stickyUnit(salt, typeof choice === 'string' ? choice : choice.name, key)
    // The unit may be 0, whose logarithm is infinite, but never 1: so it is taken from 1.
    const arrival = -Math.log1p(-unit) / weight
    if (first === undefined || arrival < soonest) [first, soonest] = [choice, arrival]
  }
  if (first === undefined) throw new ReachError('REACH_INTERNAL', 'A splitter needs a choice with a weight.')
  return first
}
