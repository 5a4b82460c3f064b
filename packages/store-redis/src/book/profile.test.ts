import { expect, it } from 'vitest'
import type { Profile } from '@reachkit/core/spec'
import { decodeProfile, encodeProfile, idOf } from './profile.js'

const profiles: readonly Profile[] = [
  { id: 'least', addresses: {} },
  { id: 'zone', addresses: { email: 'a@example.com' }, zone: 'UTC' },
  { id: 'none', addresses: {}, groups: [] },
  { id: 'group', addresses: {}, groups: ['zUTC', 'g', 'g', '[', '\u0001'], locale: 'de' },
  { id: '😀', addresses: {}, zone: 'Asia/Tokyo', groups: ['a'], devices: [{ token: 't' }], attributes: { a: null } },
  { id: 'long', addresses: {}, attributes: { text: 'long '.repeat(1_000) } },
  { id: 'longer', addresses: {}, groups: ['vip'], attributes: { text: 'longer '.repeat(20_000) } },
  { id: 'more', addresses: {}, later: { field: [1] } } as Profile,
]

it.each([true, false])('A recipient comes back as it was given (packed where it is long: %s).', (compress) => {
  for (const profile of profiles) {
    const member = encodeProfile(profile, compress)
    expect(decodeProfile(member).profile).toEqual(profile)
    expect(idOf(member)).toBe(profile.id)
  }
})

it('What is not long is not packed, and names of fields are not kept.', () => {
  const email = 'ann@example.com'
  const member = encodeProfile({ id: 'u', addresses: { email }, groups: ['vip'], zone: 'UTC', locale: 'de' }, true)
  expect(member.toString('utf8')).toBe(`u\0zUTC\0gvip\0\0[{"email":"${email}"},null,"de"]`)
  const [long] = profiles.filter(({ id }) => id === 'long')
  if (long !== undefined) expect(encodeProfile(long, true).length).toBeLessThan(encodeProfile(long, false).length / 10)
})

it.each(['', 'u', '\0', 'u\0zUTC\0'])('What is no recipient is refused with a code: %j.', (member) => {
  expect(() => decodeProfile(Buffer.from(member))).toThrow('REACH_STORE_UNAVAILABLE')
})

it('Members are in the order of ids, whatever stands behind these.', () => {
  const ids = ['a', 'a\u0001', 'a ', 'a!', 'aa', 'b', '\uffee', '😀']
  const members = ids.toReversed().map((id) => encodeProfile({ id, addresses: {}, groups: ['z'] }, true))
  expect(members.toSorted((a, b) => Buffer.compare(a, b)).map(idOf)).toEqual(ids)
})
