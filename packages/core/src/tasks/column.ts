import { isFields } from '../options/index.js'

declare const brand: unique symbol

/** A value of the message's data that each row of the audience brings along. */
export interface Column {
  readonly [brand]: 'column'
}

const marker = '$column'

/**
 * The value of a column of the audience, for each recipient its own: `data: { name: column('first_name') }`. A CSV gives
 * texts; where the schema wants a number, it says how to make one (`z.coerce.number()`).
 */
export function column(name: string): Column {
  return { [marker]: name } as unknown as Column
}

/** The name of the column where this is one. */
export function columnOf(value: unknown): string | undefined {
  if (!isFields(value)) return undefined
  const name = value[marker]
  return typeof name === 'string' && Object.keys(value).length === 1 ? name : undefined
}

/** True where any field of the data is a column: then each recipient has data of its own. */
export function hasColumns(data: unknown): boolean {
  return isFields(data) && Object.values(data).some((value) => columnOf(value) !== undefined)
}

/** The data of one recipient: columns in their places. A column that the row does not have is left out. */
export function fillColumns(data: unknown, columns: Readonly<Record<string, unknown>> | undefined): unknown {
  if (!isFields(data)) return data
  const filled: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(data)) {
    const name = columnOf(value)
    const put = name === undefined ? value : columns?.[name]
    if (put !== undefined) filled[field] = put
  }
  return filled
}
