import type { TableShape } from './migrations/create-table.js'
import type { ReachTables } from './tables.js'

type Shapes = {
  readonly [Table in keyof ReachTables]: TableShape<keyof ReachTables[Table] & string>
}

/** Of the first migration; `0002-runs` adds to them. */
const first: Readonly<Record<'reach_parcel' | 'reach_run', TableShape>> = {
  reach_parcel: {
    columns: { id: 'id', tenant: 'member', accepted_at: 'whole', size: 'whole', bodies: 'bytes' },
    primaryKey: ['id'],
  },
  reach_run: {
    columns: { id: 'id', task: 'id', instant: 'whole', revision: 'whole', cursor: 'text', done_at: 'whole?' },
    primaryKey: ['id'],
    unique: [['task', 'instant']],
    indexes: [['done_at']],
  },
}

const messages = {
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
      dead_leases: 'member?',
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
  reach_outbox: {
    columns: { id: 'id', parcel: 'bytes', written_at: 'whole', token: 'id?', lease_until: 'whole' },
    primaryKey: ['id'],
    indexes: [['written_at'], ['token']],
  },
} as const satisfies Partial<Shapes>

const history = {
  reach_log: {
    columns: { parcel: 'id', id: 'id', at: 'whole', events: 'bytes' },
    primaryKey: ['parcel', 'id'],
    clustered: true,
  },
  reach_group: {
    columns: {
      parcel: 'id',
      ordinal: 'whole',
      tenant: 'member',
      type: 'member',
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
      size: 'whole',
      positions: 'text',
    },
    primaryKey: ['parcel', 'ordinal'],
    indexes: [['tenant', 'accepted_at']],
  },
  reach_recipient: {
    columns: { recipient: 'key', accepted_at: 'whole', parcel: 'id', positions: 'text' },
    primaryKey: ['recipient', 'accepted_at', 'parcel'],
    clustered: true,
  },
  reach_provider_id: {
    columns: { provider: 'member', provider_id: 'key', message: 'id' },
    primaryKey: ['provider_id', 'provider'],
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

/** What the first migration makes. */
export const firstShapes: Readonly<Record<string, TableShape>> & typeof first = {
  ...first,
  ...messages,
  ...history,
  ...state,
}

/** The columns of every table, with their keys and indexes. */
export const shapes: Shapes = {
  ...messages,
  ...history,
  ...state,
  reach_parcel: {
    columns: { id: 'id', tenant: 'member', accepted_at: 'whole', size: 'whole', run: 'id?', bodies: 'bytes' },
    primaryKey: ['id'],
  },
  reach_run: {
    columns: {
      id: 'id',
      task: 'id',
      key: 'member?',
      part: 'text?',
      instant: 'whole',
      revision: 'whole',
      cursor: 'text',
      done_at: 'whole?',
    },
    primaryKey: ['id'],
    unique: [['task', 'key']],
    indexes: [['done_at'], ['task', 'instant']],
  },
}
