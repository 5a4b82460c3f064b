import { NotSentError, sent } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { inGroups } from './in-groups.js'

const groupOf = (text: string): string => text.slice(0, 1)
const byLetter = { groupOf, apartBy: undefined }

it('sends each group by itself, and answers in the order of the requests', async () => {
  const groups: (readonly string[])[] = []
  const outcomes = await inGroups(['a1', 'b1', 'a2', 'b2', 'c1'], byLetter, async (group) => {
    groups.push(group)
    return group.map((text) => sent(text))
  })
  expect(groups).toEqual([['a1', 'a2'], ['b1', 'b2'], ['c1']])
  expect(outcomes).toEqual(['a1', 'b1', 'a2', 'b2', 'c1'].map((text) => sent(text)))
})

it('a group that throws is its own fate', async () => {
  const outcomes = await inGroups(['a1', 'b1', 'c1', 'd1'], byLetter, async (group) => {
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
    inGroups(['a1', 'a2'], byLetter, async () => {
      throw new NotSentError('no keys')
    }),
  ).rejects.toThrow('no keys')
})

it('what is to be apart is never in one call, and the first call takes all it can', async () => {
  const groups: (readonly string[])[] = []
  const requests = ['a1', 'a2', 'a1', 'b1', 'a1', 'a3', 'b1']
  const outcomes = await inGroups(requests, { groupOf, apartBy: (text) => text.slice(1) }, async (group) => {
    groups.push(group)
    return group.map((text) => sent(`${text}/${groups.length}`))
  })
  expect(groups).toEqual([['a1', 'a2', 'a3'], ['a1'], ['a1'], ['b1'], ['b1']])
  expect(outcomes.map((outcome) => outcome.kind === 'sent' && outcome.providerId)).toEqual([
    'a1/1',
    'a2/1',
    'a1/2',
    'b1/4',
    'a1/3',
    'a3/1',
    'b1/5',
  ])
})
