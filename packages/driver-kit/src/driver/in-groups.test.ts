import { NotSentError, sent } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { inGroups } from './in-groups.js'

const groupOf = (text: string): string => text.slice(0, 1)

it('sends each group by itself, and answers in the order of the requests', async () => {
  const groups: (readonly string[])[] = []
  const outcomes = await inGroups(['a1', 'b1', 'a2', 'b2', 'c1'], groupOf, async (group) => {
    groups.push(group)
    return group.map((text) => sent(text))
  })
  expect(groups).toEqual([['a1', 'a2'], ['b1', 'b2'], ['c1']])
  expect(outcomes).toEqual(['a1', 'b1', 'a2', 'b2', 'c1'].map((text) => sent(text)))
})

it('a group that throws is its own fate', async () => {
  const outcomes = await inGroups(['a1', 'b1', 'c1', 'd1'], groupOf, async (group) => {
    if (group[0] === 'b1') throw new NotSentError('no keys', { afterMs: 7 })
    if (group[0] === 'c1') throw new TypeError('open-77')
    return group[0] === 'd1' ? [] : group.map((text) => sent(text))
  })
  expect(outcomes).toEqual([
    sent('a1'),
    { kind: 'retry', afterMs: 7, reason: 'not-sent' },
    { kind: 'unknown', reason: 'driver failed with TypeError' },
    { kind: 'unknown', reason: 'no outcome' },
  ])
})

it('one group is sent as it is, and its failure is thrown on', async () => {
  await expect(
    inGroups(['a1', 'a2'], groupOf, async () => {
      throw new NotSentError('no keys')
    }),
  ).rejects.toThrow('no keys')
})
