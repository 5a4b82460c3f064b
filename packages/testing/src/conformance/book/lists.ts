import assert from 'node:assert/strict'
import type { ListItem } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import type { BookSubject } from '../subject.js'

function items(...ids: readonly string[]): readonly ListItem[] {
  return ids.map((id) => ({ id, text: id.length % 2 === 0 ? '' : JSON.stringify({ columns: { name: `${id} "x'` } }) }))
}

export const listCases: readonly ConformanceCase<BookSubject>[] = [
  {
    name: 'append: a chunk comes back in its order',
    promise: 'The items of a chunk in their order, or undefined where there is none.',
    async run({ book, peer }) {
      const [first, second] = [items('b', 'a', '😀', 'it"s', 'a '), items('c')]
      await book.append('l', 0, first)
      await book.append('l', 1, second)
      await book.append('l', 2, [])
      for (const one of [book, peer?.book ?? book]) {
        assert.deepEqual(await one.chunk('l', 0), first)
        assert.deepEqual(await one.chunk('l', 1), second)
        assert.deepEqual(await one.chunk('l', 2), [])
        assert.equal(await one.chunk('l', 3), undefined)
        assert.equal(await one.chunk('L', 0), undefined)
      }
    },
  },
  {
    name: 'append: a chunk that is there is left as it is',
    promise: 'One that is there already is left as it is, with its ids.',
    async run({ book, peer }) {
      await book.append('l', 0, items('a', 'b'))
      await (peer?.book ?? book).append('l', 0, items('c', 'a', 'd'))
      assert.deepEqual(await book.chunk('l', 0), items('a', 'b'))
      assert.equal(await book.size('l'), 2)
      assert.deepEqual(await book.has('l', ['a', 'c', 'd']), [true, false, false])
      const writers = Array.from({ length: 6 }, (_, writer) => items(`w${writer}`, 'x'))
      await Promise.all(
        writers.map(async (one, writer) => (writer % 2 === 0 ? book : (peer?.book ?? book)).append('l', 1, one)),
      )
      const written = await book.chunk('l', 1)
      assert(
        writers.some((one) => JSON.stringify(one) === JSON.stringify(written)),
        'the chunk of one writer',
      )
      const ids = writers.map((_, writer) => `w${writer}`)
      assert.deepEqual(
        await book.has('l', ids),
        ids.map((id) => written?.[0]?.id === id),
      )
      assert.equal(await book.size('l'), 4)
    },
  },
  {
    name: 'has: one answer each, by code points',
    promise: 'Which of these ids stand in a list. One answer each.',
    async run({ book }) {
      await book.append('l', 0, items('a', '😀', `it's`))
      await book.append('l', 1, items('b', 'a%'))
      await book.append('other', 0, items('c'))
      const asked = ['b', 'c', 'a', 'A', 'a ', '😁', '😀', `it's`, 'a%', 'b']
      assert.deepEqual(await book.has('l', asked), [true, false, true, false, false, false, true, true, true, true])
      assert.deepEqual(await book.has('nothing', ['a', 'b']), [false, false])
      assert.deepEqual(await book.has('l', []), [])
    },
  },
  {
    name: 'size: every item, one id more than once too',
    promise: 'How many items a list has, those of one id each by itself; 0 where there is no list.',
    async run({ book }) {
      assert.equal(await book.size('l'), 0)
      await book.append('l', 0, items('a', 'b', 'a'))
      await book.append('l', 1, items('a'))
      await book.append('l', 2, [])
      assert.equal(await book.size('l'), 4)
      assert.deepEqual(await book.chunk('l', 0), items('a', 'b', 'a'))
      assert.deepEqual(await book.has('l', ['a', 'b', 'c']), [true, true, false])
    },
  },
  {
    name: 'drop: forgets a list, which may begin anew',
    promise: 'Forgets a list. A list of the same name begins anew.',
    async run({ book, peer }) {
      await book.append('l', 0, items('a', 'b'))
      await book.append('l', 1, items('c'))
      await book.append('l2', 0, items('a'))
      await (peer?.book ?? book).drop('l')
      await book.drop('nothing')
      assert.equal(await book.chunk('l', 0), undefined)
      assert.equal(await book.chunk('l', 1), undefined)
      assert.equal(await book.size('l'), 0)
      assert.deepEqual(await book.has('l', ['a', 'c']), [false, false])
      assert.deepEqual([await book.chunk('l2', 0), await book.size('l2')], [items('a'), 1], 'another list stays')
      await book.append('l', 0, items('d'))
      assert.deepEqual([await book.chunk('l', 0), await book.chunk('l', 1)], [items('d'), undefined])
      assert.deepEqual(await book.has('l', ['a', 'd']), [false, true])
      assert.equal(await book.size('l'), 1)
    },
  },
  {
    name: 'append: 5,000 at once, looked for by 500',
    promise: '`append` takes at most 5,000 of its own, `has` at most 500 ids.',
    async run({ book }) {
      const ids = Array.from({ length: 5_000 }, (_, index) => `user-${index}`)
      const text = JSON.stringify({ columns: { name: 'x'.repeat(100) } })
      const chunk = ids.map((id) => ({ id, text }))
      await book.append('l', 0, chunk)
      assert.deepEqual(await book.chunk('l', 0), chunk)
      assert.equal(await book.size('l'), 5_000)
      const asked = ids.slice(4_500).map((id, index) => (index % 2 === 0 ? id : `${id}x`))
      assert.deepEqual(
        await book.has('l', asked),
        asked.map((_, index) => index % 2 === 0),
      )
    },
  },
]
