import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes, reasonCodes } from '@reachkit/core/spec'
import { expect, test } from 'vitest'

const path = fileURLToPath(new URL('../docs/errors.md', import.meta.url))
const doc = readFileSync(path, 'utf8')

// After a change of the code: `npm test -- errors-doc -u`, then fill in the last cell of new rows.
test('docs/errors.md lists every code, with the sentence of the code', async () => {
  await expect(withTables(doc, [errorCodes, reasonCodes])).toMatchFileSnapshot(path)
})

test('docs/errors.md tells of every code what happens', () => {
  const empty = rowsOf(doc).flatMap(([code, , happens]) => (happens === '' ? [code] : []))
  expect(empty).toEqual([])
})

/** The document with the first two cells of each table's rows made anew; the last cell is written by people. */
function withTables(text: string, tables: readonly Readonly<Record<string, string>>[]): string {
  const happens = new Map(rowsOf(text).map(([code, , last]) => [code, last]))
  let table = -1
  return text.replaceAll(/^\| --- \| --- \| --- \|\n(?:\| `.*\n)*/gm, (found) => {
    table += 1
    const [head] = found.split('\n')
    const rows = Object.entries(tables[table] ?? {}).map(
      ([code, says]) => `| \`${code}\` | ${says} | ${happens.get(code) ?? ''} |\n`,
    )
    return `${head}\n${rows.join('')}`
  })
}

function rowsOf(text: string): (readonly [code: string, says: string, happens: string])[] {
  return [...text.matchAll(/^\| `([^`]+)` \| (.*?) \| ?(.*?) ?\|$/gm)].map(([, code = '', says = '', happens = '']) => [
    code,
    says,
    happens,
  ])
}
