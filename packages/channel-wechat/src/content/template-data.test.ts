import { expect, it } from 'vitest'
import type { Fault } from '@reachkit/driver-kit'
import { templateData } from './template-data.js'

function faults(data: unknown): readonly string[] {
  const found: Fault[] = []
  templateData(data, ['data'], found)
  return found.map(({ path, message }) => `${path.join('.')} ${message}`)
}

const cases: readonly [string, readonly string[], readonly string[]][] = [
  ['thing1', ['茶', '茶'.repeat(20), '😀'.repeat(20), 'Tea, green'], ['茶'.repeat(21), '😀'.repeat(21), 'a\nb', '']],
  ['thing01', ['茶'], ['茶'.repeat(21)]],
  ['const2', ['是'], ['是'.repeat(21)]],
  ['number3', ['0', '-1.5', '9'.repeat(32)], ['9'.repeat(33), '1,5', 'x']],
  ['letter4', ['abcXYZ'], ['a'.repeat(33), 'a1', '字']],
  ['symbol5', ['!!', '—'], ['!'.repeat(6), 'a']],
  ['character_string6', ['A1-77_x', 'x'.repeat(32)], ['x'.repeat(33), '订单A1']],
  ['amount7', ['¥99.00', '99元', '$1234567890', '5'], ['¥¥9', '99 dollars', '12345678901']],
  ['phone_number8', ['+86-0766-66888866'], ['0'.repeat(18), 'call me']],
  ['car_number9', ['粤A8Z888挂', 'B12345'], ['粤A8Z888挂挂', 'B-1']],
  ['name10', ['张三', 'Ann Lee', '张Lee'], ['张'.repeat(11), 'a'.repeat(21)]],
  ['phrase11', ['配送中'], ['配送中配送中', 'sent']],
  ['time12', ['15:01', '2019年10月1日 15:01'], ['']],
  // Names of older templates have no rule.
  ['first', ['a'.repeat(300), 'two\nlines'], ['']],
  ['keyword1', ['a'.repeat(300)], ['']],
]

it.each(cases)('%s', (name, fits, doesNot) => {
  const isWrong = (value: string): boolean => faults({ [name]: value }).length > 0
  expect([fits.filter(isWrong), doesNot.filter((value) => !isWrong(value))]).toEqual([[], []])
})

it('names the field and what is allowed, and never the value', () => {
  const value = 'far too much tea for one line'
  expect(faults({ thing1: value, thing2: 5 })).toEqual([
    'data.thing1 must be 1 to 20 characters',
    'data.thing2 must be text that is not empty',
  ])
  expect(faults('x')).toEqual(['data must be an object of texts'])
})
