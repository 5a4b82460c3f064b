import { describe, expect, it } from 'vitest'
import { parseMailbox, parseMailboxes } from './mailbox.js'

describe('parseMailbox', () => {
  it.each([
    ['ann@example.com', { address: 'ann@example.com' }],
    ['<ann@example.com>', { address: 'ann@example.com' }],
    ['Ann Doe <ann@example.com>', { name: 'Ann Doe', address: 'ann@example.com' }],
    ['"Doe, \\"Ann\\"" <ann@example.com>', { name: 'Doe, "Ann"', address: 'ann@example.com' }],
    ['小店 <shop@例子.公司>', { name: '小店', address: 'shop@例子.公司' }],
    [
      { name: 'a <b@c.de>, "x"', address: 'ann@example.com' },
      { name: 'a <b@c.de>, "x"', address: 'ann@example.com' },
    ],
    [{ address: 'ann@example.com' }, { address: 'ann@example.com' }],
  ])('reads %j', (given, mailbox) => expect(parseMailbox(given)).toEqual(mailbox))

  it.each([
    'Ann',
    'Ann <ann>',
    'Ann <ann@example.com',
    'ann@example.com>',
    'a@example.com, b@example.com',
    'A <a@example.com>, B <b@example.com>',
    'a@b.c <d@example.com>',
    'Ann\r\nBcc: x <ann@example.com>',
    'Group: ann@example.com;',
    1,
    null,
    [],
    { name: 'Ann' },
    { name: 'A\nB', address: 'ann@example.com' },
    { name: 1, address: 'ann@example.com' },
    { address: 'Ann <ann@example.com>' },
  ])('refuses %j', (given) => expect(parseMailbox(given)).toBeUndefined())

  it('reads lists, whole or not at all', () => {
    expect(parseMailboxes(['ann@example.com', 'Bob <bob@example.com>'])).toHaveLength(2)
    expect(parseMailboxes('ann@example.com')).toHaveLength(1)
    expect(parseMailboxes(['ann@example.com', 'bob'])).toBeUndefined()
  })
})
