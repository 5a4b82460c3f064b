// A process that looks messages up in the ledger, beside those that work on them.
import { messageId } from '@reachkit/core/spec'
import { setTimeout as wait } from 'node:timers/promises'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { openStore } from '../stores/stores.js'
import { messagesOfTask } from '../stores/messages-of-task.js'
import { openParts } from '../stores/open-parts.js'
import type { ProcessSettings } from './settings.js'

export interface LookMessage {
  /** Of a task, whose number is in the place of the ids: `task` how it stands, `people` each of its messages. */
  readonly kind: 'look' | 'explain' | 'task' | 'people'
  readonly n: number
  readonly ids: readonly string[]
}

export interface LookAnswer {
  readonly n: number
  /**
   * One an id: the state, of a done one its outcome, or `absent`. For `explain`, all that the store knows, as text. For
   * `task` its stored state and how many of its runs are open; for `people` recipient, id and status of each, as JSON.
   */
  readonly texts: readonly string[]
}

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings
const store = openStore(settings.store, settings.url)
const { ledger, history } = await openParts(store, settings.poolUrl !== undefined)

async function states(ids: readonly string[]): Promise<readonly string[]> {
  const records = await ledger.get(ids)
  return records.map((record) => (record === undefined ? 'absent' : (record.outcome ?? record.state)))
}

async function explain(ids: readonly string[]): Promise<readonly string[]> {
  const records = await ledger.get(ids)
  const entries = await ledger.pending({}, 10_000)
  const events = await history.timeline(ids)
  return ids.map((id, index) => {
    const own = entries.filter(
      ({ cargo }) => cargo.kind === 'messages' && cargo.positions.some((at) => messageId(cargo.parcel, at) === id),
    )
    return JSON.stringify({
      record: { ...records[index], data: undefined },
      entries: own,
      events: events.filter((event) => event.id === id),
    })
  })
}

async function task([number = '']: readonly string[]): Promise<readonly string[]> {
  const [record] = await ledger.tasks([number])
  const { state = 'absent' } = JSON.parse(record?.text ?? '{}') as { readonly state?: string }
  const open = await ledger.runs(number, { open: true, limit: 100 })
  return [state, String(open.length)]
}

async function people([number = '']: readonly string[]): Promise<readonly string[]> {
  const messages = await messagesOfTask(ledger, number)
  const texts: string[] = []
  for (let start = 0; start < messages.length; start += 500) {
    const page = messages.slice(start, start + 500)
    const records = await ledger.get(page.map(({ id }) => id))
    for (const [index, { id, status }] of page.entries())
      texts.push(JSON.stringify([records[index]?.recipient ?? '', id, status]))
  }
  return texts
}

const answers = { look: states, explain, task, people }

/** A store that is away is asked again until it is back. */
async function look({ kind, n, ids }: LookMessage): Promise<void> {
  for (;;) {
    try {
      const texts = await answers[kind](ids)
      return tellParent({ n, texts } satisfies LookAnswer)
    } catch {
      await wait(200)
    }
  }
}

process.on('message', (message: LookMessage) => void look(message))
process.once('SIGTERM', () => process.exit(0))
tellParent({ kind: 'started' })
