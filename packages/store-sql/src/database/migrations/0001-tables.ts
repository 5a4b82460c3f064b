import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { ReachTables } from '../tables.js'
import { createTable, dropTable, type TableShape } from './create-table.js'

type Shapes = {
  readonly [Table in keyof ReachTables]: TableShape<keyof ReachTables[Table] & string>
}

const messages = {
  reach_parcel: {
    columns: { id: 'id', tenant: 'member', accepted_at: 'whole', size: 'whole', bodies: 'bytes' },
    primaryKey: ['id'],
  },
  reach_progress: {
    columns: {
      parcel: 'id',
      version: 'whole',
      told: 'whole',
      open: 'whole',
      done_at: 'whole?',
      marks: 'text',
      notes: 'text',
    },
    primaryKey: ['parcel'],
    indexes: [['done_at']],
  },
  reach_entry: {
    columns: {
      id: 'id',
      tenant: 'member',
      lane: 'small',
      due: 'whole',
      weight: 'real',
      parcel: 'id?',
      cargo: 'text',
      token: 'id?',
      owner: 'member?',
      lease_until: 'whole',
      slices: 'whole',
      before_token: 'id?',
      before_slices: 'whole',
      takeovers: 'whole',
      pushes: 'whole',
      pushed_at: 'whole',
    },
    primaryKey: ['id'],
    indexes: [['lane', 'tenant', 'due'], ['parcel']],
  },
  reach_digest: {
    columns: { digest: 'digest', message: 'id', parcel: 'id', at: 'whole' },
    primaryKey: ['digest'],
    indexes: [['at']],
    clustered: true,
  },
  reach_task: {
    columns: { id: 'id', tenant: 'member', revision: 'whole', text: 'text', next: 'whole?' },
    primaryKey: ['id'],
  },
  reach_run: {
    columns: { id: 'id', task: 'id', instant: 'whole', revision: 'whole', cursor: 'text', done_at: 'whole?' },
    primaryKey: ['id'],
    unique: [['task', 'instant']],
    indexes: [['done_at']],
  },
  reach_outbox: {
    columns: { id: 'id', parcel: 'bytes', written_at: 'whole', token: 'id?', lease_until: 'whole' },
    primaryKey: ['id'],
    indexes: [['written_at'], ['token']],
  },
} as const satisfies Partial<Shapes>

const history = {
  reach_log: {
    columns: { id: 'id', parcel: 'id', at: 'whole', events: 'bytes' },
    primaryKey: ['id'],
    indexes: [['parcel']],
  },
  reach_message: {
    columns: {
      id: 'id',
      parcel: 'id',
      tenant: 'member',
      type: 'member',
      recipient: 'key',
      lane: 'small',
      category: 'member?',
      group_name: 'member?',
      module: 'member?',
      line: 'member?',
      accepted_at: 'whole',
      state: 'member',
      outcome: 'member?',
      reason: 'member?',
      channels: 'text',
    },
    primaryKey: ['id'],
    indexes: [['tenant', 'recipient', 'accepted_at'], ['tenant', 'accepted_at'], ['parcel']],
  },
  reach_provider_id: {
    columns: { provider: 'member', provider_id: 'key', message: 'id', parcel: 'id' },
    primaryKey: ['provider_id', 'provider'],
    indexes: [['parcel']],
    clustered: true,
  },
} as const satisfies Partial<Shapes>

const state = {
  reach_counter: {
    columns: { key: 'key', value: 'real', expires_at: 'whole' },
    primaryKey: ['key'],
    indexes: [['expires_at']],
    clustered: true,
  },
  reach_remembered: {
    columns: { key: 'key', value: 'text', expires_at: 'whole' },
    primaryKey: ['key'],
    indexes: [['expires_at']],
    clustered: true,
  },
  reach_bucket: {
    columns: { key: 'key', arrival: 'real', expires_at: 'whole' },
    primaryKey: ['key'],
    indexes: [['expires_at']],
    clustered: true,
  },
  reach_window: {
    columns: { key: 'key', member: 'member', entered_at: 'whole', expires_at: 'whole' },
    primaryKey: ['key', 'member'],
    indexes: [['expires_at']],
    clustered: true,
  },
  reach_budget: {
    columns: { key: 'member', left_amount: 'whole', reserved: 'whole', spent: 'whole' },
    primaryKey: ['key'],
    clustered: true,
  },
  reach_reservation: {
    columns: {
      reservation: 'member',
      member: 'member',
      budget: 'member',
      amount: 'whole',
      state: 'member',
      at: 'whole',
    },
    primaryKey: ['reservation', 'member', 'budget'],
    indexes: [['at']],
    clustered: true,
  },
  reach_document: {
    columns: { key: 'key', text: 'text', version: 'whole', changed: 'whole' },
    primaryKey: ['key'],
    indexes: [['changed']],
  },
  reach_sequence: { columns: { name: 'member', last: 'whole' }, primaryKey: ['name'], clustered: true },
} as const satisfies Partial<Shapes>

const shapes: Shapes = { ...messages, ...history, ...state }

export async function up(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void> {
  for (const [name, shape] of Object.entries(shapes)) {
    await createTable(db, dialect, name, shape, name === 'reach_progress' ? untoldColumn[dialect] : [])
  }
  await indexUntold(db, dialect)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(shapes).toReversed()) await dropTable(db, name)
}

/** Finds what history was not told of yet: few rows of many. `Dialect.untold` asks by it. */
async function indexUntold(db: Kysely<unknown>, dialect: Dialect['name']): Promise<void> {
  for (const text of untoldIndex[dialect]) await sql.raw(text).execute(db)
}

/**
 * PostgreSQL takes two columns of a row to differ nearly always, and would read the whole table: of a column that says
 * whether they do it knows how seldom. MySQL has no index over some rows alone.
 */
const untoldIndex: Readonly<Record<Dialect['name'], readonly string[]>> = {
  sqlite: ['create index if not exists reach_progress_untold on reach_progress (parcel) where version <> told'],
  postgres: [
    'alter table reach_progress add column if not exists untold boolean generated always as (version <> told) stored',
    'create index if not exists reach_progress_untold on reach_progress (parcel) where untold',
  ],
  mysql: [],
}

const untoldColumn: Readonly<Record<Dialect['name'], readonly string[]>> = {
  sqlite: [],
  postgres: [],
  mysql: ['untold tinyint as (version <> told) virtual', 'index reach_progress_untold (untold)'],
}
