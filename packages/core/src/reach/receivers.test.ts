import { expect, test } from 'vitest'
import { isReceivers, receivers } from './receivers.js'

test('receivers is known, in whichever copy of the package, and nothing else is', () => {
  expect(isReceivers(receivers)).toBe(true)
  expect(isReceivers({ [Symbol.for('reachkit.receivers')]: true })).toBe(true)
  for (const other of [undefined, 'receivers', {}, []]) expect(isReceivers(other)).toBe(false)
})
