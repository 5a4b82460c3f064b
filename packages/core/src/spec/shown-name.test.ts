import { expect, test } from 'vitest'
import { shownName } from './index.js'

test.each([
  'id',
  'orderId',
  '_x',
  '$ref',
  'user-name',
  'order.paid',
  'shop/order:paid',
  '2fa',
  'user-42',
  'a'.repeat(64),
])('shownName(%s) is the name itself', (name) => expect(shownName(name)).toBe(name))

test.each([
  'ann@example.com',
  '+8613800000000',
  '13800000000',
  'user13800000000',
  'https://hooks.example.com/T0/B1',
  'Ann Lee',
  '李雷',
  'a\nb',
  'a'.repeat(65),
  '',
])('shownName(%j) keeps it back', (name) => expect(shownName(name)).toBe('…'))

test('shownName of what is no text', () => expect([shownName(3), shownName(1_234_567)]).toEqual(['3', '…']))
