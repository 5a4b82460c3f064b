import { expect, it } from 'vitest'
import { isPrivateAddress } from './private-address.js'
import { createPublicLookup } from './public-lookup.js'

it.each([
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '2001::1',
  'ff02::1',
  'localhost',
  '',
])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true))
it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001:801::200e'])(
  '%s is public',
  (address) => expect(isPrivateAddress(address)).toBe(false),
)

it('a name with one private address among public ones is refused', () => {
  const lookup = createPublicLookup((_name, _options, callback) =>
    callback(null, [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]),
  )
  lookup('a.example', { all: true }, (error, addresses) => {
    expect([error?.code, addresses]).toEqual(['REACH_PRIVATE_ADDRESS', ''])
  })
  expect.assertions(1)
})
