import type { MessageRecord } from '@reachkit/core/spec'

const names = [
  'id',
  'tenant',
  'type',
  'version',
  'recipient',
  'inline',
  'data',
  'lane',
  'labels',
  'sandbox',
  'run',
  'acceptedAt',
  'expires',
  'state',
  'step',
  'due',
  'outcome',
  'reason',
  'progress',
  'into',
] as const satisfies readonly (keyof MessageRecord)[]

/** The fields of a record as a plain object: a ledger may answer objects that read through to others. */
export function fieldsOf(record: MessageRecord): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, record[name]]))
}
