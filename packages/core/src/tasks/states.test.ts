import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { moves } from './states.js'

/** The table of docs/tasks.md: from, verb, to. */
function drawn(): readonly string[] {
  const text = readFileSync(new URL('../../../../docs/tasks.md', import.meta.url), 'utf8')
  const [, section = ''] = text.split('\n## States\n')
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.flatMap((row) => {
    const [, from = '', how = ''] = row.split('|').map((cell) => cell.trim())
    const state = /^`([a-z-]+)`/.exec(from)?.[1]
    const each = [...how.matchAll(/(\w+) → `([a-z-]+)`/g)].map(([, verb, to]) => `${state} ${verb} ${to}`)
    return each.length === 0 ? [`${state} ends`] : each
  })
}

it('is drawn in the documents as it is in code', () => {
  const coded = Object.entries(moves).flatMap(([from, verbs]) => {
    const each = Object.entries(verbs).map(([verb, to]) => `${from} ${verb} ${to}`)
    return each.length === 0 ? [`${from} ends`] : each
  })
  expect(drawn()).toEqual(coded)
})
