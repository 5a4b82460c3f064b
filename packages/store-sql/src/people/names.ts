import { type RawBuilder, sql } from 'kysely'

/** The name of a table, quoted part by part: `crm.customer`. */
export function tableName(name: string): RawBuilder<unknown> {
  return sql.id(...name.split('.'))
}

export function columnName(name: string): RawBuilder<unknown> {
  return sql.id(name)
}

/** Ends a comment that an app's SQL may end in. */
export const newLine: RawBuilder<unknown> = sql.raw('\n')

/** A SELECT of the app as a table. */
export function asTable(query: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${query}${newLine}) as ${sql.id('reach_people')}`
}

/** Text that an app has written itself; a semicolon at its end would end the statement around it too. */
export function ownText(text: string): RawBuilder<unknown> {
  return sql.raw(text.replace(/[\s;]+$/, ''))
}
