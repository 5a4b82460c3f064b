import { memoryStore } from '@reachkit/core'
import type { Ledger, Store, StoreContext, StoreParts } from '@reachkit/core'
import { ReachError } from '@reachkit/core/spec'
import { sharedStore } from './shared-store.js'

/** A store that can be away: then it takes nothing, and tells no time. What it had, it has. */
export class AwayStore {
  isAway = false
  /** As `isAway`, but what was asked is done, and only the answer is lost. */
  losesAnswers = false
  accepts = 0
  readonly store: Store

  private constructor(readonly parts: StoreParts) {
    this.store = sharedStore({ ...parts, ledger: this.#awayLedger(parts.ledger) })
  }

  static async open(context: StoreContext): Promise<AwayStore> {
    return new AwayStore(await memoryStore({ retention: '1h' }).open(context))
  }

  #awayLedger(ledger: Ledger): Ledger {
    return new Proxy(ledger, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return async (...given: unknown[]) => {
          if (name === 'accept') this.accepts += 1
          if (this.isAway) throw away()
          const answer: unknown = await Reflect.apply(value, target, given)
          if (this.losesAnswers && name === 'accept') throw away()
          return answer
        }
      },
    })
  }
}

function away(): ReachError {
  return new ReachError('REACH_STORE_UNAVAILABLE', 'the store is away')
}
