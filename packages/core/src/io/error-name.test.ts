import { expect, it } from 'vitest'
import { ReachError } from '../spec/index.js'
import { errorName } from './error-name.js'

const away = (cause: unknown) => new ReachError('REACH_STORE_UNAVAILABLE', 'a text', { cause })

it.each([
  ['of ours, its code', new ReachError('REACH_INTERNAL', 'a text'), 'REACH_INTERNAL'],
  ['and that of its cause', away(Object.assign(new Error('x'), { code: '57P03' })), 'REACH_STORE_UNAVAILABLE (57P03)'],
  ['of a cause without one, nothing', away(new Error('secret')), 'REACH_STORE_UNAVAILABLE'],
  ['nor what is no word', away({ code: 'ann@example.com' }), 'REACH_STORE_UNAVAILABLE'],
  ['of another, its name', new RangeError('secret'), 'RangeError'],
  ['of what is no error, its type', 'secret', 'string'],
])('Of an error a log line says: %s.', (_, error, name) => expect(errorName(error)).toBe(name))
