import { person } from '../people.js'
import { having, rowsOf } from './table.js'
import type { SegmentTable } from './table.js'

/** Names of attributes that a store has to quote. */
const oddNames = [
  `it's`,
  'say "hi"',
  '100%',
  'a b',
  'a_b',
  '$',
  '$[0]',
  '[0]',
  '*',
  'naïve',
  '😀',
  'back\\slash',
  'a;--',
  'a/b',
  'a:b',
  '`a`',
  '{a}',
  'null',
  '0',
  '-1',
]

export const nameTables: readonly SegmentTable[] = [
  {
    name: 'segment: a list has the values of its elements',
    promise: 'A list has those of its elements that are texts, numbers or booleans; one and the same value fits all.',
    people: having({
      none: undefined,
      text: 'a',
      letters: ['a', 'b'],
      one: ['b'],
      empty: [],
      nulls: [null],
      mixed: [1, '1', true],
      nested: [['a'], { x: 'a' }],
      range: [17, 30],
      inside: [17, 20, 30],
      numbers: [0],
    }),
    rows: [
      ...rowsOf(
        [{ is: 'a' }, ['text', 'letters']],
        [{ is: 'b' }, ['letters', 'one']],
        [{ in: ['a', 'c'] }, ['text', 'letters']],
        [{ is: 1 }, ['mixed']],
        [{ is: '1' }, ['mixed']],
        [{ is: true }, ['mixed']],
        [{ is: false }, []],
        [{ is: 0 }, ['numbers']],
        [{ startsWith: 'b' }, ['letters', 'one']],
        [{ startsWith: '' }, ['text', 'letters', 'one', 'mixed']],
        [{ atLeast: 18, below: 30 }, ['inside']],
        [{ above: 29 }, ['range', 'inside']],
        [{ above: 'a' }, ['letters', 'one']],
        [{ above: 'a', startsWith: 'a' }, []],
        [{ is: 'a', exists: true }, ['text', 'letters']],
      ),
      [
        { not: { attribute: 'v', is: 'b' } },
        ['none', 'text', 'empty', 'nulls', 'mixed', 'nested', 'range', 'inside', 'numbers'],
      ],
      [
        {
          all: [
            { attribute: 'v', is: 'a' },
            { attribute: 'v', is: 'b' },
          ],
        },
        ['letters'],
      ],
      [{ attribute: 'v.x', is: 'a' }, []],
      [{ attribute: 'v.0', is: 'a' }, []],
      [{ attribute: 'v.length', atLeast: 0 }, []],
    ],
  },
  {
    name: 'segment: exists asks for what is found itself',
    promise:
      '`exists`: true for all that is not null, an empty list and an object too; false for null and what is not there.',
    people: having({
      none: undefined,
      nothing: null,
      text: '',
      zero: 0,
      no: false,
      list: [],
      nulls: [null],
      object: {},
      field: { a: 1 },
      nullField: { a: null },
    }),
    rows: [
      ...rowsOf(
        [{ exists: true }, ['text', 'zero', 'no', 'list', 'nulls', 'object', 'field', 'nullField']],
        [{ exists: false }, ['none', 'nothing']],
        [{ exists: true, is: 0 }, ['zero']],
        [{ exists: false, is: 0 }, []],
      ),
      [{ not: { attribute: 'v', exists: true } }, ['none', 'nothing']],
      [
        { not: { attribute: 'v', exists: false } },
        ['text', 'zero', 'no', 'list', 'nulls', 'object', 'field', 'nullField'],
      ],
      [{ attribute: 'v.a', exists: true }, ['field']],
      [
        { attribute: 'v.a', exists: false },
        ['none', 'nothing', 'text', 'zero', 'no', 'list', 'nulls', 'object', 'nullField'],
      ],
      [{ attribute: 'v.a.b', exists: true }, []],
    ],
  },
  {
    name: 'segment: a dot steps into an object, and into nothing else',
    promise: 'A dot steps into an object. It steps into nothing else.',
    people: [
      ...having({
        flat: { a: 'x' },
        deep: { a: { b: 'x' } },
        list: [{ a: 'x' }],
        text: 'a',
        numbered: { 0: 'x' },
        named: { length: 1, constructor: 'x', toString: 'x' },
        odd: { 'a b': { "c'd": 'x' } },
      }),
      person('literal', { attributes: { 'v.a': 'x' } }),
      person('upper', { attributes: { V: { A: 'x' } } }),
    ],
    rows: [
      [{ attribute: 'v.a', is: 'x' }, ['flat']],
      [{ attribute: 'v.a.b', is: 'x' }, ['deep']],
      [{ attribute: 'v.0', is: 'x' }, ['numbered']],
      [{ attribute: 'v.0.a', is: 'x' }, []],
      [{ attribute: 'v.length', is: 1 }, ['named']],
      [{ attribute: 'v.constructor', exists: true }, ['named']],
      [{ attribute: 'v.toString', is: 'x' }, ['named']],
      [{ attribute: '__proto__', exists: true }, []],
      [{ attribute: 'v.__proto__', exists: true }, []],
      [{ attribute: `v.a b.c'd`, is: 'x' }, ['odd']],
      [{ attribute: 'V.A', is: 'x' }, ['upper']],
      [{ attribute: 'v', is: 'a' }, ['text']],
    ],
  },
  {
    name: 'segment: every character of a name but the dot is part of it',
    promise: 'No other character of the name of an attribute is special.',
    people: oddNames.map((name, index) => person(`p${index}`, { attributes: { [name]: 'x', x: name } })),
    rows: oddNames.flatMap((name, index) => [
      [{ attribute: name, is: 'x' }, [`p${index}`]],
      [{ attribute: 'x', is: name }, [`p${index}`]],
      [{ attribute: name, exists: true }, [`p${index}`]],
    ]),
  },
]
