import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressSchema, isEmailAddress, wireAddress } from './email-address.js'

describe('isEmailAddress', { timeout: 30_000 }, () => {
  it.each([
    'ann@example.com',
    'a.b+tag@mail.example.co.uk',
    "o'neil@example.com",
    '!#$%&*/=?^_`{|}~-@example.com',
    'ann@xn--bcher-kva.example',
    'ann@bücher.example',
    '用户@例子.公司',
    'rené@example.com',
    '👟@example.com',
    `${'a'.repeat(64)}@example.com`,
  ])('takes %s', (address) => expect(isEmailAddress(address)).toBe(true))

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@example',
    'ann@@example.com',
    'a..b@example.com',
    '.a@example.com',
    'a.@example.com',
    'ann@example..com',
    'ann@-a.com',
    'ann@a-.com',
    'Ann <ann@example.com>',
    '<ann@example.com>',
    'ann@example.com, eve@example.com',
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\n',
    'ann@example.com\0',
    ' ann@example.com',
    'ann eve@example.com',
    '"ann"@example.com',
    'ann@[192.0.2.1]',
    'ann(x)@example.com',
    'ann@exa mple.com',
    'ann@example.com.',
    'a\u200bnn@example.com',
    'ann\u202e@example.com',
    'ann@exam\u00adple@example.com',
    'ann;eve@example.com',
    `${'a'.repeat(65)}@example.com`,
    `${'é'.repeat(33)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'bcd.'.repeat(70)}com`,
    42,
    null,
    undefined,
    { address: 'ann@example.com' },
  ])('refuses %j', (address) => expect(isEmailAddress(address)).toBe(false))

  it('never takes what would end a line, a bracket or a list', () => {
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r', '\n', '\0', '<', '>', ',', ';', ':', '"', ' ', '\\'),
      fc.string(),
      (a, special, b) => {
        expect(isEmailAddress(`${a}${special}${b}@example.com`)).toBe(false)
        expect(isEmailAddress(`ann@${a}${special}${b}example.com`)).toBe(false)
      },
    )
    fc.assert(property, { numRuns: 1_000 })
  })

  it('refuses what is long before it looks closer', () => {
    expect(isEmailAddress(`${'a.'.repeat(1_000_000)}@`)).toBe(false)
    expect(isEmailAddress(`${'a'.repeat(60)}@${'a-'.repeat(90)}!`)).toBe(false)
  })

  it('is a Standard Schema whose issue shows no value', () => {
    expect(addressSchema['~standard'].validate('ann@example.com')).toEqual({ value: 'ann@example.com' })
    const issues = [{ message: 'must be one bare e-mail address, such as ann@example.com' }]
    expect(addressSchema['~standard'].validate('eve')).toEqual({ issues })
  })
})

describe('wireAddress', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann@Example.com', 'Ann@Example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['用户@例子.公司', '用户@例子.公司'],
    ['用户@xn--fsqu00a.xn--55qx5d', '用户@例子.公司'],
  ])('writes %s as %s', (address, wire) => expect(wireAddress(address)).toBe(wire))
})
