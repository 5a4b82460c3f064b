import type { SqliteSettings } from '../database/sqlite.js'
import type { PartsOptions } from '../ledger-parts.js'
import type { GateMemory } from './exit-gate.js'

/** What a worker is started with: values that can be copied. */
export interface WorkerSettings {
  readonly path: string
  readonly database: SqliteSettings
  readonly parts: PartsOptions
  readonly gate: GateMemory
}
