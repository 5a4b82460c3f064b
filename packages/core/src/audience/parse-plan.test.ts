import { describe, expect, test } from 'vitest'
import { ReachError, type Segment } from '../spec/index.js'
import { audienceContext, draftOf, fileOf, planOf } from '../../test/support/audience-world.js'
import { errorOf } from '../../test/support/error-of.js'
import { fakeBook } from '../../test/support/fake-book.js'
import {
  type AudiencePlan,
  audience,
  canonicalPlan,
  csv,
  difference,
  ids,
  intersection,
  ndjson,
  needsCopy,
  parsePlan,
  sample,
  segment,
  union,
} from './index.js'

const many = Array.from({ length: 1_001 }, (_, index) => `user-${index}`)

async function* stream(): AsyncGenerator<string> {
  yield 'a'
}

describe('parsePlan', () => {
  test.each<[string, unknown, unknown]>([
    ['ids', ['a', 'b'], { kind: 'ids', ids: ['a', 'b'] }],
    ['nobody', [], { kind: 'ids', ids: [] }],
    ['ids of the builder', ids(['a']), { kind: 'ids', ids: ['a'] }],
    ['a segment', { group: 'vip' }, { kind: 'segment', segment: { group: 'vip' } }],
    ['a segment of the builder', segment({ group: 'vip' }), { kind: 'segment', segment: { group: 'vip' } }],
    [
      'recipients, among them an id',
      [{ id: 'a', email: 'a@b.de', locale: 'de', zone: 'Europe/Berlin', columns: { n: 1 } }, 'b'],
      {
        kind: 'recipients',
        items: [
          { id: 'a', addresses: { email: 'a@b.de' }, locale: 'de', zone: 'Europe/Berlin', columns: { n: 1 } },
          { id: 'b' },
        ],
      },
    ],
    [
      'addresses that stand together',
      [{ id: 'a', addresses: { email: 'x' } }],
      { kind: 'recipients', items: [{ id: 'a', addresses: { email: 'x' } }] },
    ],
    [
      'a tree',
      difference(union(['a'], ['b']), intersection(['c'])),
      {
        kind: 'difference',
        of: {
          kind: 'union',
          of: [
            { kind: 'ids', ids: ['a'] },
            { kind: 'ids', ids: ['b'] },
          ],
        },
        without: { kind: 'intersection', of: [{ kind: 'ids', ids: ['c'] }] },
      },
    ],
    [
      'a sample',
      sample(['a'], { share: 0.5, seed: 's' }),
      { kind: 'sample', of: { kind: 'ids', ids: ['a'] }, share: 0.5, seed: 's' },
    ],
    [
      'a named audience',
      { kind: 'named', name: 'vips', args: { a: 1 } },
      { kind: 'named', name: 'vips', args: { a: 1 } },
    ],
  ])('Reads %s, as code gives it and as JSON does.', (_, value, plan) => {
    expect(draftOf(value)).toEqual(plan)
    expect(draftOf(JSON.parse(JSON.stringify(value)))).toEqual(plan)
  })

  test('Reads files, as code gives them and as JSON does.', () => {
    const files = [
      csv('/a.csv', { encoding: 'gbk', delimiter: ';', columns: ['id'], address: { email: 'm' } }),
      ndjson('/b'),
    ]
    for (const file of files) expect(draftOf(JSON.parse(JSON.stringify(file)))).toEqual(file)
    expect(files[0]).toMatchObject({ encoding: 'gb18030', path: '/a.csv', roles: { address: { email: 'm' } } })
  })

  test('What can be iterated once, and more than 1,000, has to be copied.', () => {
    const given = [stream(), new Set(['a']), many, union(['a'], sample(many, { size: 1 })), difference(['a'], stream())]
    for (const value of given) expect(needsCopy(draftOf(value))).toBe(true)
    for (const value of [many.slice(1), csv('/a'), { group: 'x' }]) expect(needsCopy(draftOf(value))).toBe(false)
  })

  test('Keeps a copy: nobody changes a plan by what it was made of.', () => {
    const row = { id: 'a', columns: { tags: ['x'] } }
    const draft = draftOf([row])
    row.columns.tags.push('y')
    expect(draft).toMatchObject({ items: [{ columns: { tags: ['x'] } }] })
  })

  test('A recipient without an id has the one that `notify` would give it.', () => {
    const [one, two] = [draftOf([{ email: 'a@b.de', sms: '1' }]), draftOf([{ sms: '1', email: 'a@b.de' }])]
    expect(one).toMatchObject({ items: [{ id: expect.stringMatching(/^~[\w-]{16}$/) }] })
    expect(canonicalPlan(one as AudiencePlan)).toBe(canonicalPlan(two as AudiencePlan))
  })

  test.each<[unknown, string]>([
    [undefined, 'audience must be ids, recipients, an iterable of them, a segment or an audience, and was missing.'],
    ['user-1', 'audience must be ids, recipients, an iterable of them, a segment or an audience, and was a string.'],
    [7, 'and was a number.'],
    [[7], 'audience[0] must be an id or a recipient with addresses, and was a number.'],
    [[''], 'audience[0] is no id: the id is empty.'],
    [['a', 'ann@example.com'], 'audience[1] is no id: an address stands in the place of the id.'],
    [[{ id: '+4915112345678' }], 'audience[0].id is no id: an address stands in the place of the id.'],
    [[{ id: 7 }], 'audience[0].id must be an id, which is a string, and was a number.'],
    [[{}], 'audience[0].id must be given, or an address, and was missing.'],
    [[{ id: 'a', zone: 5 }], 'audience[0].zone must be a string that is not empty, and was a number.'],
    [[{ id: 'a', columns: [] }], 'audience[0].columns must be an object, and was an empty array.'],
    [[{ id: 'a', columns: { n: 1n } }], 'audience[0].columns.n must be JSON, and was a bigint.'],
    [[{ id: 'a', fax: '1' }], "audience[0] has no field 'fax', and no channel is wired by this name."],
    [{ kind: 'everybody' }, 'audience.kind must be one of ids, recipients, segment, named'],
    [{ kind: 'constructor' }, 'audience.kind must be one of'],
    [{ kind: 'list', list: 'of-another', size: 1 }, 'audience.kind must be one of'],
    [{ kind: 'ids', ids: 'a' }, 'audience.ids must be an array of ids, and was a string.'],
    [{ kind: 'ids', ids: ['a', {}] }, 'audience.ids[1] must be an id, which is a string, and was an object.'],
    [union(['a'], 7), 'audience.of[1] must be ids, recipients'],
    [union(), 'audience.of must be an array of 1 to 100 audiences, and was an empty array.'],
    [difference(['a'], [['b']]), 'audience.without[0] must be an id or a recipient with addresses, and was an array.'],
    [
      { kind: 'sample', of: ['a'], share: 2 },
      'audience: share must be a number above 0 and at most 1, and was a number.',
    ],
    [{ kind: 'sample', of: ['a'] }, 'audience: share must be given, or size, and not both, and was missing.'],
    [{ kind: 'named', name: 7 }, 'audience.name must be the name of an audience, and was a number.'],
    [{ kind: 'named', name: 'x', args: { d: () => 1 } }, 'audience.args.d must be JSON, and was a function.'],
    [{ kind: 'named', name: 'x', args: 'x'.repeat(70_000) }, 'audience.args must be at most 65536 characters of JSON'],
    [{ kind: 'unread-file', format: 'xlsx', path: 'a', roles: {} }, 'audience.format must be csv or ndjson'],
    [
      { kind: 'unread-file', format: 'csv', path: 7, roles: {} },
      'csv(): path must be the path of a file, and was a number.',
    ],
    [csv('a', { address: { fax: 'f' } }), 'audience.roles.address must be columns by the names of wired channels'],
    [
      audience('vips', { page: async () => ({ items: [] }) }),
      'audience must be what the named audience answers: call it',
    ],
    [nested(20), 'at most 16 levels deep'],
  ])('Refuses %o by its field and kind, and without a value.', async (value, told) => {
    const channels = new Set(['email', 'sms'])
    const error = await errorOf(() => parsePlan(value, { channels, parseSegment: (given) => given as Segment }))
    expect([error.code, error.message]).toEqual(['REACH_AUDIENCE_INVALID', expect.stringContaining(told)])
    expect(error.message).not.toMatch(/ann@|4915/)
  })

  test('What is no segment is refused by the parser of segments.', async () => {
    const parseSegment = (): Segment => {
      throw new ReachError('REACH_AUDIENCE_INVALID', 'no segment')
    }
    expect((await errorOf(() => parsePlan({ groop: 'x' }, { parseSegment }))).message).toContain('no segment')
  })
})

describe('Builders refuse wrong options', () => {
  test.each<[() => unknown, string]>([
    [() => csv(''), 'csv(): path must be the path of a file, and was an empty string.'],
    [() => csv('a', { delimiter: ';;' }), 'csv(): delimiter must be one ASCII character'],
    [() => csv('a', { delimiter: '"' }), 'csv(): delimiter must be one ASCII character'],
    [() => csv('a', { columns: [] }), 'csv(): columns must be a list of names, and was an empty array.'],
    [() => csv('a', { encoding: 'latin1' as never }), 'csv(): encoding must be one of utf-8, utf-16le'],
    [() => csv('a', { adress: {} } as never), "csv(): there is no option 'adress'. Did you mean 'address'?"],
    [() => csv('a', { address: { email: 7 } as never }), 'csv(): address must be columns by channel'],
    [() => ndjson('a', { delimiter: ',' } as never), "ndjson(): there is no option 'delimiter'."],
    [() => sample(['a'], { share: 0.1, size: 5 }), 'sample(): share must be given, or size, and not both'],
    [() => sample(['a'], { size: 0.5 }), 'sample(): size must be a whole number of at least 1, and was a number.'],
    [() => audience('a b', { page: async () => ({ items: [] }) }), 'audience(): the name must be letters, digits'],
    [() => audience('a', {} as never), "audience 'a': page must be a function, and was missing."],
    [
      () => audience('a', { page: async () => ({ items: [] }), args: {} } as never),
      "audience 'a': args must be a schema",
    ],
  ])('%s', async (call, told) => {
    const error = await errorOf(call)
    expect([error.code, error.message]).toEqual(['REACH_AUDIENCE_INVALID', expect.stringContaining(told)])
  })
})

describe('canonicalPlan', () => {
  test('Is equal whatever the order of fields is and whenever a file was touched, and else differs.', async () => {
    const plan = await planOf(csv(fileOf('id,mail\na,b'), { address: { email: 'mail' } }))
    if (plan.kind !== 'csv') throw new Error('no file')
    const { stamp, ...rest } = plan
    expect(canonicalPlan({ stamp: { ...stamp, mtimeMs: 5 }, ...rest })).toBe(canonicalPlan(plan))
    expect(canonicalPlan({ ...plan, stamp: { ...stamp, sha256: '0' } })).not.toBe(canonicalPlan(plan))
    expect(canonicalPlan({ ...plan, roles: { ...plan.roles, id: 'mail' } })).not.toBe(canonicalPlan(plan))
    const [named, other] = [1, 2].map((mtimeMs) => ({
      kind: 'named' as const,
      name: 'n',
      args: { stamp: { mtimeMs } },
    }))
    if (named === undefined || other === undefined) throw new Error('no plans')
    expect(canonicalPlan(named)).not.toBe(canonicalPlan(other))
    const inside = (part: AudiencePlan): AudiencePlan => ({
      kind: 'difference',
      of: part,
      without: { kind: 'union', of: [part] },
    })
    expect(canonicalPlan(inside({ ...plan, stamp: { ...stamp, mtimeMs: 5 } }))).toBe(canonicalPlan(inside(plan)))
  })
})

test('A plan that was prepared survives the text of a task.', async () => {
  const context = audienceContext({ book: fakeBook() })
  const plan = await planOf(union(many, csv(fileOf('id\na')), [{ id: 'x', email: 'y' }]), context)
  expect(plan).toMatchObject({ of: [{ kind: 'list', size: 1_001 }, { kind: 'csv' }, { kind: 'recipients' }] })
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})

function nested(levels: number): unknown {
  return levels === 0 ? ['a'] : union(nested(levels - 1))
}
