import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileOf, planOf, readAll, sourceOf } from '../../../test/support/audience-world.js'
import { errorOf } from '../../../test/support/error-of.js'
import { csv, ndjson, type CsvOptions, type FileOptions } from '../index.js'

const text = 'id,name\nu1,Zoë\nu2,王小明\nu3,"a ""b"", c\nd"\n'
const people = [
  { id: 'u1', columns: { id: 'u1', name: 'Zoë' } },
  { id: 'u2', columns: { id: 'u2', name: '王小明' } },
  { id: 'u3', columns: { id: 'u3', name: 'a "b", c\nd' } },
]

function utf16be(content: string): Buffer {
  return Buffer.from(content, 'utf16le').swap16()
}

/** From an independent encoder: `printf 'id,name\nu1,你好\nu2,鑫\nu3,㐀' | iconv -t GB18030`. */
const gbk = Buffer.from('69642c6e616d650a75312cc4e3bac30a75322cf6ce0a75332c8139ee39', 'hex')

async function readCsv(content: string | Uint8Array, options: CsvOptions = {}, limit = 500) {
  return readAll(await sourceOf(csv(fileOf(content), options)), () => limit)
}

async function readJson(content: string, options: FileOptions = {}) {
  return readAll(await sourceOf(ndjson(fileOf(content), options)), () => 2)
}

describe('Encodings', () => {
  test.each<[string, Uint8Array, CsvOptions]>([
    ['UTF-8', Buffer.from(text), {}],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), {}],
    ['UTF-8 with a mark, told', Buffer.from(`\ufeff${text}`), { encoding: 'utf-8' }],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), {}],
    ['UTF-16 LE, told', Buffer.from(text, 'utf16le'), { encoding: 'utf-16le' }],
    ['UTF-16 BE with a mark', utf16be(`\ufeff${text}`), {}],
    ['UTF-16 BE, told', utf16be(text), { encoding: 'utf-16be' }],
  ])('%s', async (_, content, options) => {
    for (const limit of [1, 2, 500]) expect((await readCsv(content, options, limit)).items).toEqual(people)
  })

  test.each(['gbk', 'gb18030'] as const)('%s, told, with two and four bytes a character', async (encoding) => {
    const { items, rejects } = await readCsv(gbk, { encoding }, 1)
    expect(rejects).toEqual([])
    expect(items.map(({ columns }) => columns?.['name'])).toEqual(['你好', '鑫', '㐀'])
  })

  test('A byte that only looks like a delimiter is none in GB18030.', async () => {
    // 0x81 0x7c is one character; the quote behind it stands in the midst of a field, and not at its start.
    const content = Buffer.concat([
      Buffer.from('id|name\nu1|'),
      Buffer.of(0x81, 0x7c),
      Buffer.from('"a"\n'),
      Buffer.from('u2|b\n'),
    ])
    const { items, rejects } = await readCsv(content, { encoding: 'gbk', delimiter: '|' })
    expect(rejects).toEqual([{ line: 2, reason: expect.stringContaining('quote') }])
    expect(items.map(({ id }) => id)).toEqual(['u2'])
  })

  test.each<[string, Buffer, CsvOptions, string]>([
    ['UTF-8', Buffer.concat([Buffer.from('id\na\n'), Buffer.of(0xc3, 0x28, 0x0a), Buffer.from('c')]), {}, 'UTF-8'],
    [
      'UTF-16',
      Buffer.concat([
        Buffer.from('id\na\n', 'utf16le'),
        Buffer.of(0x00, 0xd8, 0x0a, 0x00),
        Buffer.from('c', 'utf16le'),
      ]),
      { encoding: 'utf-16le' },
      'UTF-16LE',
    ],
    [
      'GB18030',
      Buffer.concat([Buffer.from('id\na\n'), Buffer.of(0xff, 0x0a), Buffer.from('c')]),
      { encoding: 'gbk' },
      'GB18030',
    ],
  ])('What is no %s is rejected with its line, and the others are read.', async (_, content, options, name) => {
    const { items, rejects } = await readCsv(content, options)
    expect(rejects).toEqual([{ line: 3, reason: `is not valid ${name}` }])
    expect(items.map(({ id }) => id)).toEqual(['a', 'c'])
  })

  test('A file of UTF-16 with half a character is refused.', async () => {
    const error = await errorOf(() => planOf(csv(fileOf(Buffer.from('\ufeffid\n', 'utf16le').subarray(0, 7)))))
    expect(error.message).toBe(
      "REACH_AUDIENCE_INVALID: the file 'people.csv' is no UTF-16: it has an odd number of bytes.",
    )
  })
})

describe('CSV', () => {
  test.each([
    ['LF', 'id\na\nb\n', ['a', 'b']],
    ['CRLF', 'id\r\na\r\nb\r\n', ['a', 'b']],
    ['CR', 'id\ra\rb\r', ['a', 'b']],
    ['all of them', 'id\ra\r\nb\nc\r\rd\n\re', ['a', 'b', 'c', 'd', 'e']],
    ['no newline at the end', 'id\na\nb', ['a', 'b']],
    ['blank lines', '\n\r\n\nid\n\n\na\n\n\nb\n\n', ['a', 'b']],
    ['a header only', 'id\n', []],
    ['a header without newline', 'id', []],
    ['nothing', '', []],
    ['blank lines only', '\n\n\n', []],
    ['a byte order mark only', '\ufeff', []],
  ])('With %s', async (_, content, ids) => {
    for (const limit of [1, 2, 500]) {
      const { items, rejects } = await readCsv(content, {}, limit)
      expect([items.map(({ id }) => id), rejects]).toEqual([ids, []])
    }
  })

  test.each([
    [',', 'id,name;x\na,1'],
    [';', 'id;name;more,x\na;1;2'],
    ['\t', 'id\tname\na\t1'],
    [';', '"a,b";id\n1;a'],
    [',', 'id\na'],
  ])('Finds the delimiter %j', async (delimiter, content) => {
    expect(await planOf(csv(fileOf(content)))).toMatchObject({ delimiter })
    expect((await readCsv(content)).items.map(({ id }) => id)).toEqual(['a'])
  })

  test('Takes a delimiter that it is told.', async () => {
    expect((await readCsv('id|name\na|1,2', { delimiter: '|' })).items).toEqual([
      { id: 'a', columns: { id: 'a', name: '1,2' } },
    ])
  })

  test('Takes names of columns for a file without a header row; an empty one is left out.', async () => {
    const { items } = await readCsv('1,a,x\n2,b,y', { columns: ['', 'user', 'name'], id: 'user' })
    expect(items).toEqual([
      { id: 'a', columns: { user: 'a', name: 'x' } },
      { id: 'b', columns: { user: 'b', name: 'y' } },
    ])
    const broken = await readCsv('1,a"\n2,b', { columns: ['n', 'id'] })
    expect([broken.items.length, broken.rejects.map(({ line }) => line)]).toEqual([1, [1]])
  })

  test('Reads addresses, zone and locale from the columns that are named; what is empty is not there.', async () => {
    const roles = { id: 'user', address: { email: 'mail', sms: 'phone' }, zone: 'tz', locale: 'lang' }
    const { items } = await readCsv('user,mail,phone,tz,lang\nu1,a@b.de,+49,Europe/Berlin,de\nu2,,,,', roles)
    expect(items).toEqual([
      {
        id: 'u1',
        addresses: { email: 'a@b.de', sms: '+49' },
        zone: 'Europe/Berlin',
        locale: 'de',
        columns: { user: 'u1', mail: 'a@b.de', phone: '+49', tz: 'Europe/Berlin', lang: 'de' },
      },
      { id: 'u2', columns: { user: 'u2', mail: '', phone: '', tz: '', lang: '' } },
    ])
  })

  test('A row without an id is known by its addresses, and the same ones by the same name.', async () => {
    const { items } = await readCsv('mail\na@b.de\nc@d.de\na@b.de', { address: { email: 'mail' } })
    const [first, other, again] = items
    expect(first?.id).toMatch(/^~[\w-]{16}$/)
    expect(first?.addresses).toEqual({ email: 'a@b.de' })
    expect([again?.id, other?.id === first?.id]).toEqual([first?.id, false])
  })

  test('A bad line is rejected with its number, as an editor shows it, and without what it says.', async () => {
    const lines = [
      'id,name,zone',
      'u1,"two\r\nlines",',
      'u2,x',
      'u3,x,,',
      ',x,',
      'u4,a "b",',
      'u5,"a"b,',
      'ann@example.com,x,',
      '+4915112345678,x,',
      `${'x'.repeat(513)},x,`,
      'u6,x,Mars/Olympus',
      'u7,x,',
    ]
    const { items, rejects } = await readCsv(lines.join('\n'), { zone: 'zone' })
    expect(items.map(({ id }) => id)).toEqual(['u1', 'u7'])
    expect(rejects).toEqual([
      { line: 4, reason: 'has 2 fields where there are 3 columns' },
      { line: 5, reason: 'has 4 fields where there are 3 columns' },
      { line: 6, reason: 'has neither an id nor an address' },
      { line: 7, reason: 'has a quote that is not closed, or one where none may be' },
      { line: 8, reason: 'has a quote that is not closed, or one where none may be' },
      { line: 9, reason: 'is no recipient: an address stands in the place of the id' },
      { line: 10, reason: 'is no recipient: an address stands in the place of the id' },
      { line: 11, reason: 'is no recipient: the id is longer than 512 bytes' },
      { line: 12, reason: 'has a time zone that is not known' },
    ])
  })

  test('A quote that is not closed costs its line alone.', async () => {
    const { items, rejects } = await readCsv('id,name\nu1,"x\nu2,y\nu3,z', {}, 1)
    expect(items.map(({ id }) => id)).toEqual(['u2', 'u3'])
    expect(rejects.map(({ line }) => line)).toEqual([2])
  })

  test.each([
    ['without a line break', 'x'.repeat(3_000_000), 2],
    ['in a quote that is never closed', `"${'x'.repeat(3_000_000)}`, 2],
  ])('A line that is too long, %s, is one reject, and the next one is read.', async (_, long) => {
    for (const limit of [1, 500]) {
      const { items, rejects } = await readCsv(`id,name\nu1,${long}\nu2,y\r\nu3,z`, {}, limit)
      expect(rejects).toEqual([{ line: 2, reason: 'is longer than 1 MiB' }])
      expect(items.map(({ id }) => id)).toEqual(['u2', 'u3'])
    }
  })

  test('A quoted field of almost 1 MiB is read, one of more is not.', async () => {
    const lines = (count: number): string => `id,name\nu1,"${'0123456789abcde\n'.repeat(count)}"\nu2,y`
    expect((await readCsv(lines(65_000))).items.map(({ id }) => id)).toEqual(['u1', 'u2'])
    const { items, rejects } = await readCsv(lines(66_000))
    expect(rejects[0]).toEqual({ line: 2, reason: 'has a quote that is not closed, or one where none may be' })
    expect(items.map(({ id }) => id)).toEqual(['u2'])
  })

  test('A page looks at no more than 8 MiB, and may be empty.', async () => {
    const source = await sourceOf(csv(fileOf(`id\n${'\n'.repeat(9_000_000)}u1\n`)))
    const { items, pages } = await readAll(source)
    expect([items.length, pages]).toEqual([1, 2])
  })

  test('Columns of any name are data, and nothing else.', async () => {
    const { items } = await readCsv('id,constructor,toString\na,b,c')
    expect(items[0]?.columns).toEqual({ id: 'a', constructor: 'b', toString: 'c' })
  })

  test.each<[string, string, CsvOptions, string]>([
    ['no column of the id', 'user,name\na,b', {}, "has no column 'id': there are user, name"],
    ['a misspelt column', 'id,mail\na,b', { address: { email: 'mial' } }, "has no column 'mial': did you mean 'mail'?"],
    ['a missing zone', 'id,mail\na,b', { zone: 'area' }, "has no column 'area'"],
    ['one name twice', 'id,name,name\n', {}, "has two columns of the same name, 'name'"],
    ['a name that no column may have', 'id,__proto__\n', {}, 'has a column whose name no column may have'],
    ['a header of data', 'ann@example.com,13800000000\n', {}, "has no column 'id': there are …, …"],
    ['a header that cannot be read', 'id,"name\n', {}, 'has a first row that cannot be read: it has a quote that is'],
  ])('Refuses a file with %s when the task is created.', async (_, content, options, told) => {
    const error = await errorOf(() => planOf(csv(fileOf(content), options)))
    expect([error.code, error.message]).toEqual(['REACH_AUDIENCE_INVALID', expect.stringContaining(told)])
  })

  test('The name of a file is not told where it may be somebody.', async () => {
    const error = await errorOf(() => planOf(csv(fileOf('x', 'ann@example.com.csv'))))
    expect(error.message).toContain("the file '…' has no column")
  })
})

describe('NDJSON', () => {
  test('Reads objects and ids, one a line; their fields are the columns.', async () => {
    const { items, rejects } = await readJson('{"id":"u1","n":1}\r\n\n"u2"\n{"id":42,"tags":["a"]}')
    expect(rejects).toEqual([])
    expect(items).toEqual([
      { id: 'u1', columns: { id: 'u1', n: 1 } },
      { id: 'u2', columns: {} },
      { id: '42', columns: { id: 42, tags: ['a'] } },
    ])
  })

  test('Reads roles, and gives no field of the prototype.', async () => {
    const roles = { id: 'constructor', address: { email: 'mail' }, locale: 'l' }
    const { items } = await readJson('{"mail":"a@b.de","l":"de"}\n{"constructor":"u1"}', roles)
    expect(items.map(({ id, addresses, locale }) => [id, addresses, locale])).toEqual([
      [expect.stringMatching(/^~/), { email: 'a@b.de' }, 'de'],
      ['u1', undefined, undefined],
    ])
  })

  test('A bad line is rejected with its number.', async () => {
    const lines = [
      '{',
      '7',
      'null',
      '[]',
      '{}',
      '{"id":1.5}',
      '{"id":true}',
      '""',
      '{"id":"a\\u0000"}',
      '{"id":"\\ud800"}',
    ]
    const { items, rejects } = await readJson(['"ok"', ...lines].join('\n'))
    expect(items.length).toBe(1)
    expect(rejects).toEqual([
      { line: 2, reason: 'is not JSON' },
      { line: 3, reason: 'is neither an object nor an id' },
      { line: 4, reason: 'is neither an object nor an id' },
      { line: 5, reason: 'is neither an object nor an id' },
      { line: 6, reason: 'has neither an id nor an address' },
      { line: 7, reason: 'has an id that is neither a text nor a whole number' },
      { line: 8, reason: 'has an id that is neither a text nor a whole number' },
      { line: 9, reason: 'has neither an id nor an address' },
      { line: 10, reason: 'is no recipient: the id is no well-formed text' },
      { line: 11, reason: 'is no recipient: the id is no well-formed text' },
    ])
  })
})

describe('Zones', () => {
  const content = 'id,tz\na,Europe/Berlin\nb,\nc,Asia/Tokyo\nd\ne,Europe/Berlin'

  test('A file with a column of zones tells them, and gives each its part; a bad line belongs to none.', async () => {
    const source = await sourceOf(csv(fileOf(content), { zone: 'tz' }))
    expect((await source.zones?.())?.toSorted()).toEqual(['Asia/Tokyo', 'Europe/Berlin', null])
    const part = async (zones: (string | null)[]) => {
      const { items, rejects = [] } = await source.page({ cursor: '', limit: 500, zones })
      return [items.map(({ id }) => id), rejects.length]
    }
    expect(await part(['Europe/Berlin'])).toEqual([['a', 'e'], 0])
    expect(await part([null, 'Asia/Tokyo'])).toEqual([['b', 'c'], 1])
  })

  test('One without has none.', async () => {
    const source = await sourceOf(csv(fileOf(content)))
    expect(typeof source.zones).toBe('undefined')
  })
})

test('A cursor of another file is refused.', async () => {
  const path = fileOf('id\na\nb\nc')
  const { next = '' } = await (await sourceOf(csv(path))).page({ cursor: '', limit: 1 })
  writeFileSync(path, 'id\na\nb\nd')
  const other = await sourceOf(csv(path))
  for (const cursor of [next, '7', '3:1:0:9:ff']) {
    expect((await errorOf(() => other.page({ cursor, limit: 1 }))).code).toBe('REACH_AUDIENCE_CHANGED')
  }
})
