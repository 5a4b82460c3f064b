import assert from 'node:assert/strict'
import type { Segment } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { fed } from '../history/feed.js'
import { sentTo } from '../history/received.js'
import type { BookSubject } from '../subject.js'
import { idsOf, person, tenant } from './people.js'

export const receivedSegmentCases: readonly ConformanceCase<BookSubject>[] = [
  {
    name: 'segment: was sent so many messages lately',
    promise: 'Was sent so many messages of a type lately, or of any: those since `windowStart`.',
    when: ({ history }) => history.received !== undefined,
    async run(subject) {
      const { book, timing } = subject
      await book.upsert(
        tenant,
        ['ann', 'bob', 'cid', 'none'].map((id) => person(id, { groups: id === 'bob' ? ['g'] : [] })),
      )
      await sentTo(subject, 'a', [
        ['ann', 'spring.sale'],
        ['bob', 'spring.sale'],
        ['ann', 'spring.sale'],
      ])
      await subject.advance(3 * timing.shortMs)
      const between = await subject.now()
      await sentTo(subject, 'b', [
        ['cid', 'spring.sale'],
        ['bob', 'order.paid'],
      ])
      const now = await subject.now()
      const withinMs = now - between
      const rows: readonly (readonly [Segment, readonly string[]])[] = [
        [{ received: 'spring.sale' }, ['ann', 'bob', 'cid']],
        [{ received: 'spring.sale', times: 2 }, ['ann']],
        [{ received: true, times: 2 }, ['ann', 'bob']],
        [{ received: true }, ['ann', 'bob', 'cid']],
        [{ received: 'spring.sale', withinMs }, ['cid']],
        [{ received: true, withinMs }, ['bob', 'cid']],
        [{ received: true, times: 2, withinMs }, []],
        [{ received: 'Spring.sale' }, []],
        [{ not: { received: 'spring.sale' } }, ['none']],
        [{ not: { received: true, withinMs } }, ['ann', 'none']],
        [{ all: [{ group: 'g' }, { received: 'order.paid' }] }, ['bob']],
        [{ any: [{ group: 'g' }, { not: { received: true } }] }, ['bob', 'none']],
      ]
      await fed(subject, async () => {
        for (const [segment, ids] of rows)
          assert.deepEqual(await idsOf(subject, { segment, now }), ids, `the segment ${JSON.stringify(segment)}`)
      })
    },
  },
]
