import { errorCodes, reasonCodes } from '@reachkit/core/spec'
import { expect, test } from 'vitest'
import { readDocument } from './support/documents.js'

const tables = [
  ['Errors', errorCodes],
  ['Reasons', reasonCodes],
] as const

test.each(tables)('docs/errors.md, %s: every code with the sentence of the code, and what happens', (title, codes) => {
  const rows = rowsOf(title)
  expect(rows.map(([code, says]) => [code, says])).toEqual(Object.entries(codes))
  expect(rows.flatMap(([code, , happens]) => (happens === '' ? [code] : []))).toEqual([])
})

/** The rows of the table under a heading, a cell each. */
function rowsOf(title: string): readonly (readonly string[])[] {
  const [, section = ''] = readDocument('docs/errors.md').split(`\n## ${title}\n`)
  const [table = ''] = section.split('\n## ')
  return [...table.matchAll(/^\| `(.+?)` +\| (.*?) +\| (.*?) *\|$/gm)].map(([, ...cells]) => cells)
}
