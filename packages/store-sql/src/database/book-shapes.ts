import type { BookTables } from './book-tables.js'
import type { TableShape } from './migrations/create-table.js'

type Shapes = {
  readonly [Table in keyof BookTables]: TableShape<keyof BookTables[Table] & string>
}

/** The tables of the recipient book: those of `0003-book`. */
export const bookShapes: Shapes = {
  reach_profile: {
    columns: { tenant: 'name', id: 'ident', zone: 'name?', search: 'text', text: 'text' },
    primaryKey: ['tenant', 'id'],
    indexes: [['tenant', 'zone', 'id']],
  },
  reach_membership: {
    columns: { tenant: 'name', name: 'name', id: 'ident' },
    primaryKey: ['tenant', 'name', 'id'],
    clustered: true,
  },
  reach_event: {
    columns: { tenant: 'name', recipient: 'ident', name: 'name', id: 'name', at: 'whole' },
    primaryKey: ['tenant', 'recipient', 'name', 'id'],
    indexes: [['tenant', 'name', 'recipient', 'at'], ['at']],
    clustered: true,
  },
  reach_list_chunk: {
    columns: { list: 'name', chunk: 'whole', size: 'whole', items: 'bytes' },
    primaryKey: ['list', 'chunk'],
  },
  reach_list_id: {
    columns: { list: 'name', id: 'ident' },
    primaryKey: ['list', 'id'],
    clustered: true,
  },
}
