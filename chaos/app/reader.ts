// A process that looks messages up in the ledger, beside those that work on them.
import { setTimeout as wait } from 'node:timers/promises'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { openStore } from '../stores/stores.js'
import { openParts } from '../stores/open-parts.js'
import type { ProcessSettings } from './settings.js'

interface LookMessage {
  readonly kind: 'look'
  readonly n: number
  readonly ids: readonly string[]
}

export interface LookAnswer {
  readonly kind: 'looked'
  readonly n: number
  /** One an id: the state, of a done one its outcome, or `absent`. */
  readonly states: readonly string[]
}

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings
const store = openStore(settings.store, settings.url)
const { ledger } = await openParts(store, settings.poolUrl !== undefined)

async function look({ n, ids }: LookMessage): Promise<void> {
  for (;;) {
    try {
      const records = await ledger.get(ids)
      const states = records.map((record) => (record === undefined ? 'absent' : (record.outcome ?? record.state)))
      return tellParent({ kind: 'looked', n, states } satisfies LookAnswer)
    } catch {
      await wait(200)
    }
  }
}

process.on('message', (message: LookMessage) => void look(message))
process.once('SIGTERM', () => process.exit(0))
tellParent({ kind: 'started' })
