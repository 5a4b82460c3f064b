import { isPlainObject } from '../../json/index.js'
import type { AudienceItem } from '../../spec/index.js'
import type { FilePlan } from '../plan.js'
import type { Row } from './record-reader.js'
import { itemOf } from './row-item.js'
import { FieldSplitter } from './split-fields.js'

/** What each row is: a recipient, or why it is none. */
export type ReadRows = (rows: readonly Row[]) => Promise<readonly (AudienceItem | string)[]>

export function rowsReaderOf(plan: FilePlan): ReadRows {
  return plan.kind === 'csv' ? csvReader(plan) : async (rows) => rows.map((row) => jsonItem(plan, row))
}

function csvReader({ delimiter, columns, roles }: Extract<FilePlan, { kind: 'csv' }>): ReadRows {
  const splitter = new FieldSplitter(delimiter)
  const item = (fields: readonly string[] | undefined): AudienceItem | string => {
    if (fields === undefined) return 'cannot be read as CSV'
    if (fields.length !== columns.length) return `has ${fields.length} fields where there are ${columns.length} columns`
    const values: Record<string, string> = {}
    for (let index = 0; index < columns.length; index++) {
      const name = columns[index] ?? ''
      if (name !== '') values[name] = fields[index] ?? ''
    }
    return itemOf(roles, (column) => values[column], values)
  }
  return async (rows) => {
    const fields = await splitter.split(rows.filter((row) => 'text' in row))
    let next = 0
    return rows.map((row) => ('text' in row ? item(fields[next++]) : row.fault))
  }
}

function jsonItem({ roles }: FilePlan, row: Row): AudienceItem | string {
  if (!('text' in row)) return row.fault
  const value = parsed(row.text)
  if (value === undefined) return 'is not JSON'
  if (typeof value === 'string') return itemOf({ id: 'id' }, () => value, {})
  if (typeof value !== 'object' || value === null || !isPlainObject(value)) return 'is neither an object nor an id'
  return itemOf(roles, (column) => (Object.hasOwn(value, column) ? value[column] : undefined), value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
