import type { Segment } from '@reachkit/core/spec'
import { person } from '../people.js'
import type { SegmentTable } from './table.js'

const oddGroups = ['staff', 'Staff', 'staff ', 'stäff', `it's`, '"x"', '100%', 's_aff', '😀', 'a,b', 'a.b']

const ofRecipient = (attribute: string, comparison: Readonly<Record<string, unknown>>): Segment => ({
  attribute,
  of: 'recipient',
  ...comparison,
})

export const ownTables: readonly SegmentTable[] = [
  {
    name: 'segment: id and locale of the recipient itself',
    promise: "With `of: 'recipient'` only `id` and `locale`, which are texts of the recipient itself.",
    people: [
      person('u1', { locale: 'de' }),
      person('u2', { locale: 'de-AT', attributes: { id: 'u1', locale: 'en' } }),
      person('U1', { locale: 'DE' }),
      person('u10'),
      person('ü1', { attributes: { locale: 'de' } }),
    ],
    rows: [
      [ofRecipient('id', { is: 'u1' }), ['u1']],
      [{ attribute: 'id', is: 'u1' }, ['u2']],
      [ofRecipient('id', { in: ['u10', 'U1', 'nobody'] }), ['u10', 'U1']],
      [ofRecipient('id', { startsWith: 'u1' }), ['u1', 'u10']],
      [ofRecipient('id', { above: 'u1', below: 'u2' }), ['u10']],
      [ofRecipient('id', { above: 'z' }), ['ü1']],
      [ofRecipient('id', { exists: true }), ['u1', 'u2', 'U1', 'u10', 'ü1']],
      [ofRecipient('id', { is: 1 }), []],
      [ofRecipient('locale', { is: 'de' }), ['u1']],
      [ofRecipient('locale', { startsWith: 'de' }), ['u1', 'u2']],
      [{ attribute: 'locale', is: 'de' }, ['ü1']],
      [ofRecipient('locale', { exists: false }), ['u10', 'ü1']],
      [{ not: ofRecipient('locale', { is: 'de' }) }, ['u2', 'U1', 'u10', 'ü1']],
    ],
  },
  {
    name: 'segment: groups are told apart by code points',
    promise: 'Is in this group. Texts are equal where they are the same code points.',
    people: [
      ...oddGroups.map((name, index) => person(`p${index}`, { groups: [name] })),
      person('none'),
      person('empty', { groups: [] }),
      person('both', { groups: ['staff', 'vip', '😀', 'staff'] }),
      person('attribute', { attributes: { groups: ['staff'], group: 'staff' } }),
    ],
    rows: [
      ...oddGroups.map((name, index): SegmentTable['rows'][number] => [
        { group: name },
        name === 'staff' || name === '😀' ? [`p${index}`, 'both'] : [`p${index}`],
      ]),
      [{ group: 'vip' }, ['both']],
      [{ group: 'nobody' }, []],
      [{ group: 'a' }, []],
      [{ all: [{ group: 'staff' }, { group: 'vip' }] }, ['both']],
      [{ all: [{ group: 'staff' }, { not: { group: 'vip' } }] }, ['p0']],
      [{ any: [{ group: 'Staff' }, { group: 'vip' }] }, ['p1', 'both']],
      [
        { all: [{ not: { group: 'staff' } }, { not: { any: oddGroups.slice(1).map((group) => ({ group })) } }] },
        ['none', 'empty', 'attribute'],
      ],
    ],
  },
  {
    name: 'segment: zones, and who has none',
    promise: 'Lives in one of these time zones; null for who has none.',
    people: [
      person('shanghai', { zone: 'Asia/Shanghai' }),
      person('berlin', { zone: 'Europe/Berlin' }),
      person('utc', { zone: 'UTC' }),
      person('none'),
      person('attribute', { attributes: { zone: 'Asia/Shanghai' } }),
    ],
    rows: [
      [{ zone: ['Asia/Shanghai'] }, ['shanghai']],
      [{ zone: ['Asia/Shanghai', 'UTC'] }, ['shanghai', 'utc']],
      [{ zone: [null] }, ['none', 'attribute']],
      [{ zone: [null, 'Europe/Berlin'] }, ['none', 'attribute', 'berlin']],
      [{ zone: ['Asia/Tokyo'] }, []],
      [{ not: { zone: ['Asia/Shanghai'] } }, ['berlin', 'utc', 'none', 'attribute']],
      [{ not: { zone: [null, 'UTC'] } }, ['shanghai', 'berlin']],
    ],
  },
]
