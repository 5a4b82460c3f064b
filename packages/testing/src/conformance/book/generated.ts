import assert from 'node:assert/strict'
import { judgeSegment, segmentFacts } from '@reachkit/core'
import { compareTexts } from '@reachkit/core/spec'
import { seededRandom } from '../../random/index.js'
import type { ConformanceCase } from '../case.js'
import type { BookSubject } from '../subject.js'
import { idsOf, tenant } from './people.js'
import { Draws } from './segments/draws.js'

const people = 80
const segments = 250

export const generatedCases: readonly ConformanceCase<BookSubject>[] = [1, 2].map((seed) => ({
  name: `segment: drawn ones hold for the same recipients as in memory (seed ${seed})`,
  promise: 'Plain JSON, so that a store may compile it, and two processes judge alike.',
  async run(subject) {
    const now = await subject.now()
    const draws = new Draws(seededRandom(seed))
    const profiles = Array.from({ length: people }, (_, index) => draws.profile(index))
    await subject.book.upsert(tenant, profiles)
    await subject.book.record(
      tenant,
      profiles.flatMap(({ id }) =>
        ['paid', 'left'].flatMap((name) =>
          draws.ages().map((ago, index) => ({ recipient: id, name, at: now - ago, id: `${index}` })),
        ),
      ),
    )
    const facts = segmentFacts(tenant, now, subject.book, subject.history)
    const sorted = profiles.toSorted((a, b) => compareTexts(a.id, b.id))
    for (let drawn = 0; drawn < segments; drawn += 1) {
      const segment = draws.segment()
      const answers = await judgeSegment(segment, sorted, facts)
      const ids = sorted.filter((_, index) => answers[index] === true).map(({ id }) => id)
      const found = await idsOf(subject, { segment, now, limit: drawn % 2 === 0 ? 1_000 : 33 })
      assert.deepEqual(found, ids, `the segment ${JSON.stringify(segment)}`)
    }
  },
}))
