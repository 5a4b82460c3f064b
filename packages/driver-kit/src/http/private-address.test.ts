import { describe, expect, it } from 'vitest'
import { isPrivateAddress, isPrivateHost } from './private-address.js'
import { createPublicLookup } from './public-lookup.js'

// First and last of each entry of IANA's "IPv4 Special-Purpose Address Registry", and of multicast.
it.each([
  ['"this network"', '0.0.0.0', '0.255.255.255'],
  ['private-use', '10.0.0.0', '10.255.255.255'],
  ['shared address space', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.0', '127.255.255.255'],
  ['link local', '169.254.0.0', '169.254.255.255'],
  ['private-use', '172.16.0.0', '172.31.255.255'],
  ['IETF protocol assignments', '192.0.0.0', '192.0.0.255'],
  ['documentation', '192.0.2.0', '192.0.2.255'],
  ['AS112', '192.31.196.0', '192.31.196.255'],
  ['AMT', '192.52.193.0', '192.52.193.255'],
  ['6to4 relay anycast', '192.88.99.0', '192.88.99.255'],
  ['private-use', '192.168.0.0', '192.168.255.255'],
  ['direct delegation AS112', '192.175.48.0', '192.175.48.255'],
  ['benchmarking', '198.18.0.0', '198.19.255.255'],
  ['documentation', '198.51.100.0', '198.51.100.255'],
  ['documentation', '203.0.113.0', '203.0.113.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved, and limited broadcast', '240.0.0.0', '255.255.255.255'],
])('%s: %s to %s', (_name, first, last) => {
  expect([first, last].map(isPrivateAddress)).toEqual([true, true])
})

// The same of the "IPv6 Special-Purpose Address Registry", of multicast, and of what is not handed out.
it.each([
  ['unspecified and loopback', '::', '::1'],
  ['IPv4-mapped', '::ffff:0:0', '::ffff:255.255.255.255'],
  ['IPv4-translated', '::ffff:0:808:808', '::ffff:0:ffff:ffff'],
  ['IPv4-compatible', '::808:808', '::ffff:ffff'],
  ['IPv4-IPv6 translation', '64:ff9b::', '64:ff9b::ffff:ffff'],
  ['local translation', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard-only, and dummy prefix', '100::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['IETF protocol assignments, with Teredo and ORCHID', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['direct delegation AS112', '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['not handed out, with segment routing', '4000::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['not handed out', '6000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
])('%s: %s to %s', (_name, first, last) => {
  expect([first, last].map(isPrivateAddress)).toEqual([true, true])
})

it.each([
  ['AWS, Azure, Google, Oracle and most others', '169.254.169.254'],
  ['AWS, tasks of ECS', '169.254.170.2'],
  ['AWS by IPv6', 'fd00:ec2::254'],
  ['Google by IPv6', 'fd20:ce::254'],
  ['Oracle by IPv6', 'fd00:c1::a9fe:a9fe'],
  ['Oracle, the older one', '192.0.0.192'],
  ['Azure, WireServer', '168.63.129.16'],
  ['Azure, WireServer in IPv6', '::ffff:168.63.129.16'],
  ['Alibaba', '100.100.100.200'],
  ['Tencent', '169.254.0.23'],
])('what tells a machine of itself is refused: %s', (_cloud, address) => {
  expect(isPrivateAddress(address)).toBe(true)
})

it.each([
  'localhost',
  '',
  '1.2.3',
  '8.8.8.8.',
  '0x8.8.8.8',
  '[2606:4700::1111]',
  'fe80::1%eth0',
  '2606:4700::1111%eth0',
  '2606:4700::1111%eth-0',
])('what is no address, or of one link, is refused: %j', (text) => expect(isPrivateAddress(text)).toBe(true))

// The neighbours of the ranges above among them.
it.each([
  '1.0.0.0',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '198.17.255.255',
  '223.255.255.255',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2003::1',
  '2606:4700::1111',
  '2a00:1450:4001:801::200e',
  '3ffe::1',
])('%s is public', (address) => expect(isPrivateAddress(address)).toBe(false))

describe('the host of a url', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0250.077.0201.020/',
    'http://168.63.129.16./',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::1]:8080/',
  ])('%s is private, however it is written', (url) => expect(isPrivateHost(new URL(url))).toBe(true))

  it.each(['http://8.8.8.8/', 'http://[2606:4700::1111]/', 'http://metadata.google.internal/'])(
    '%s is not, or is told when it is resolved',
    (url) => expect(isPrivateHost(new URL(url))).toBe(false),
  )
})

it.each(['10.0.0.1', '168.63.129.16', '::ffff:8.8.8.8'])('a name with %s among public addresses is refused', (one) => {
  const lookup = createPublicLookup((_name, _options, callback) =>
    callback(null, [
      { address: '8.8.8.8', family: 4 },
      { address: one, family: one.includes(':') ? 6 : 4 },
    ]),
  )
  lookup('a.example', { all: true }, (error, addresses) => {
    expect([error?.code, addresses]).toEqual(['REACH_PRIVATE_ADDRESS', ''])
  })
  expect.assertions(1)
})
