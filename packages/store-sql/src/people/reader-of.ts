import type { SqlConnections } from '../database/connections.js'
import type { OptionReader } from '../factory/option-reader.js'
import { isSqlReader, type SqlReader, sqlReader } from './reader.js'

/** Where the rows come from: one of the two. */
export interface RowSource {
  /** What `sqlReader` answers, whose guard then is shared; or connections of the app. */
  readonly db?: SqlReader | SqlConnections
  /** In place of `db`: `postgres:`, `mysql:`, or `sqlite:` and a file. */
  readonly url?: string
}

/** `close` ends what was opened here: nothing of a reader that was handed in. */
export function readerOf(
  given: OptionReader,
  { db, url }: RowSource,
): { readonly reader: SqlReader; readonly close: () => Promise<void> } {
  if ((db === undefined) === (url === undefined)) given.refuse('db or url', 'given, and not both')
  if (isSqlReader(db)) return { reader: db, close: async () => {} }
  const reader = sqlReader(url ?? (db as SqlConnections))
  return { reader, close: () => reader.close() }
}
