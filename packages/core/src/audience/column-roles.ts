import { type OptionReader, isFields } from '../options/index.js'
import type { ColumnRoles } from './plan.js'

export const roleFields: readonly string[] = ['id', 'address', 'zone', 'locale']

/** What `csv` and `ndjson` are told of columns. Fields that are left out stay out of the plan. */
export function parseRoles(reader: OptionReader): ColumnRoles {
  const [id, zone, locale, address] = [
    reader.text('id'),
    reader.text('zone'),
    reader.text('locale'),
    readAddress(reader),
  ]
  return {
    ...(id !== undefined && { id }),
    ...(address !== undefined && { address }),
    ...(zone !== undefined && { zone }),
    ...(locale !== undefined && { locale }),
  }
}

function readAddress(reader: OptionReader): ColumnRoles['address'] {
  const address = reader.raw('address')
  if (address === undefined) return undefined
  const columns = isFields(address) ? Object.entries(address) : []
  const named = columns.flatMap(([channel, column]) =>
    typeof column === 'string' && column !== '' ? [[channel, column]] : [],
  )
  if (named.length > 0 && named.length === columns.length) return Object.fromEntries(named)
  return reader.refuse('address', "columns by channel, such as { email: 'mail' }")
}
