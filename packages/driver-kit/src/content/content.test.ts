import { expect, it } from 'vitest'
import type { Fault } from './check.js'
import { oneOf } from './one-of.js'
import { isRobotName } from './robot-name.js'
import { isWebUrl, webUrlUpTo } from './web-url.js'

it.each(['https://a.example', 'HTTP://a.example/b?c=d', 'http://127.0.0.1:80/ü'])('%s is a web address', (url) =>
  expect(isWebUrl(url)).toBe(true),
)

it.each(['ftp://a.example', 'https://user:open-sesame@a.example', 'https://a.example/b c', 'https://', 'a.example', 7])(
  '%s is none',
  (url) => expect(isWebUrl(url)).toBe(false),
)

it('is counted in bytes, and its fault does not show it', () => {
  const faults: Fault[] = []
  webUrlUpTo(24)('https://a.example/öö', ['url'], faults)
  expect(faults).toEqual([])
  webUrlUpTo(21)('https://a.example/öö', ['url'], faults)
  expect(faults).toEqual([
    { path: ['url'], message: 'must be an http or https address without a user and password, at most 21 bytes' },
  ])
})

it('one of several fields is one, whatever the others are checked for', () => {
  const faults: Fault[] = []
  const check = oneOf(['text', 'card'], () => {})
  for (const fine of [{ text: 'a' }, { card: 'b', title: 'c' }, { text: 'a', card: undefined }]) check(fine, [], faults)
  expect(faults).toEqual([])
  for (const wrong of [{}, { text: 'a', card: 'b' }]) check(wrong, [], faults)
  expect(faults).toEqual(
    [1, 2].map(() => ({ path: [], message: 'must have text or card, and no more than one of them' })),
  )
})

it('the name of a robot is a word, and no url', () => {
  for (const fine of ['ops', 'shop-7', '运维', 'x'.repeat(64)]) expect(isRobotName(fine)).toBe(true)
  for (const wrong of ['', 'a b', 'a/b', 'https://a.example', 'x'.repeat(65), 7]) expect(isRobotName(wrong)).toBe(false)
})
