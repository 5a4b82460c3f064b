import { messageId } from '@reachkit/core/spec'
import type { Ledger } from '@reachkit/core/spec'

const pageSize = 50

export interface TaskMessage {
  readonly id: string
  /** The state, of a done message its outcome. */
  readonly status: string
}

/** Every message of every run of a task, as the ledger has it. Duplicates are none. */
export async function messagesOfTask(ledger: Ledger, task: string): Promise<readonly TaskMessage[]> {
  const messages: TaskMessage[] = []
  for (const { id: run } of await ledger.runs(task, { limit: 100 })) {
    for (let after: string | undefined; ; ) {
      const parcels = await ledger.parcels(run, { limit: pageSize, ...(after !== undefined && { after }) })
      for (const { id, statuses } of parcels)
        for (const [position, status] of statuses.entries())
          if (status !== undefined) messages.push({ id: messageId(id, position), status })
      after = parcels.at(-1)?.id
      if (after === undefined) break
    }
  }
  return messages
}
