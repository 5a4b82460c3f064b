import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely'

/** Columns and names of expressions that hold whole numbers. */
const whole: ReadonlySet<string> = new Set([
  'accepted_at',
  'amount',
  'at',
  'changed',
  'done_at',
  'due',
  'entered_at',
  'entries',
  'expires_at',
  'instant',
  'last',
  'lease_until',
  'leased',
  'left_amount',
  'messages',
  'next',
  'next_due',
  'now',
  'oldest',
  'open',
  'pushed_at',
  'pushes',
  'read_at',
  'reserved',
  'revision',
  'size',
  'slices',
  'spent',
  'takeovers',
  'told',
  'version',
  'waiting',
  'written_at',
])

/** An app's own Kysely may be set up to hand over numbers of 64 bits as text: here they are numbers again. */
export const numbersPlugin: KyselyPlugin = {
  transformQuery: ({ node }: PluginTransformQueryArgs): RootOperationNode => node,
  transformResult: async ({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> => ({
    ...result,
    rows: result.rows.map(withNumbers),
  }),
}

function withNumbers(row: UnknownRow): UnknownRow {
  const entries = Object.entries(row).map(([name, value]) => {
    const isNumber = typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+$/.test(value))
    return [name, isNumber && whole.has(name) ? Number(value) : value]
  })
  return Object.fromEntries(entries)
}
