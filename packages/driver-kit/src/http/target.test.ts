import { expect, it } from 'vitest'
import { targetOf } from './target.js'

it('keeps a url that is asked for again', () => {
  expect(targetOf('https://acme.example/send')).toBe(targetOf('https://acme.example/send'))
})

it.each([`https://acme.example/${'x'.repeat(512)}`, 'https://acme.example/send?access_token=open-sesame-77'])(
  'does not keep what is long or of one message: %s',
  (url) => {
    expect(targetOf(url)?.href).toBe(url)
    expect(targetOf(url)).not.toBe(targetOf(url))
  },
)
