import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../case.js'
import type { BookSubject } from '../../subject.js'
import { idsOf, inOrder, tenant } from '../people.js'
import { nameTables } from './names.js'
import { ownTables } from './own.js'
import type { SegmentTable } from './table.js'
import { treeTables } from './trees.js'
import { valueTables } from './values.js'

/** What segments hold for, by hand: recipients, and whom of them each rule has. */
export const segmentTables: readonly SegmentTable[] = [...valueTables, ...nameTables, ...ownTables, ...treeTables]

/** A case for each table; whoever compiles segments finds each trap in one of them. */
export const segmentCases: readonly ConformanceCase<BookSubject>[] = segmentTables.map(
  ({ name, promise, people, rows }) => ({
    name,
    promise,
    async run(subject) {
      await subject.book.upsert(tenant, people)
      for (const [segment, ids] of rows)
        assert.deepEqual(await idsOf(subject, { segment }), inOrder(ids), `the segment ${JSON.stringify(segment)}`)
    },
  }),
)
