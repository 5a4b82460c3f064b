import type { SqlTransaction } from '../../src/index.js'

/** A transaction of an app's own client, held open until the test ends it. */
export interface OpenTransaction {
  readonly tx: SqlTransaction
  commit(): Promise<void>
  rollback(): Promise<void>
}

export interface AppClient {
  begin(): Promise<OpenTransaction>
  /** What of it is no transaction: its pool, its database. */
  readonly none: readonly unknown[]
  close(): Promise<void>
}

export type Connect = (url: string) => Promise<AppClient>

const rolledBack = new Error('rolled back by the test')

/** Of a client that runs a callback in a transaction: the callback lasts until the test ends it. */
export function heldOpen(run: (work: (tx: unknown) => Promise<void>) => Promise<unknown>): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const whole: Promise<unknown> = run(async (tx) => {
      const commits = await new Promise<boolean>((end) => {
        resolve({
          tx: tx as SqlTransaction,
          async commit() {
            end(true)
            await whole
          },
          async rollback() {
            end(false)
            await whole.catch(passRollback)
          },
        })
      })
      if (!commits) throw rolledBack
    })
    whole.catch(reject)
  })
}

function passRollback(error: unknown): void {
  if (error !== rolledBack) throw error
}
