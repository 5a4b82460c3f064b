import { parseRoles, roleFields } from '../audience/column-roles.js'
import type { ColumnRoles } from '../audience/plan.js'
import { OptionReader } from '../options/index.js'

export { itemOf } from '../audience/file/row-item.js'
export type { ReadColumn } from '../audience/file/row-item.js'
export type { ColumnRoles } from '../audience/plan.js'

/**
 * What the columns of an audience say, as `csv` takes it: `{ id, zone, locale, address: { email: 'mail' } }`. `subject`
 * opens every error.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the field that is wrong.
 */
export function parseColumnRoles(subject: string, roles: unknown): ColumnRoles {
  return parseRoles(new OptionReader('REACH_AUDIENCE_INVALID', subject, roles, roleFields))
}
