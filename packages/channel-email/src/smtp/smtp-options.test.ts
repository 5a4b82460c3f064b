import { generateKeyPairSync } from 'node:crypto'
import { isReachError } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { smtp } from './smtp.js'
import { resolveSmtpOptions, type SmtpOptions } from './smtp-options.js'

const least = { host: 'mail.example.com', from: 'shop@example.com' }

function refusalOf(options: unknown): string {
  try {
    smtp(options as SmtpOptions)
  } catch (error) {
    if (isReachError(error, 'REACH_OPTION_INVALID')) return error.message
    throw error
  }
  return 'nothing'
}

describe('the options of smtp', () => {
  it('have defaults', () => {
    expect(resolveSmtpOptions(least)).toMatchObject({
      provider: 'smtp',
      host: 'mail.example.com',
      port: 587,
      secure: false,
      requireTls: false,
      connections: 5,
      messagesPerConnection: 1_000,
      timeouts: { connectMs: 15_000, greetingMs: 15_000, socketMs: 60_000, idleMs: 60_000, attemptMs: 120_000 },
      capabilities: { deduplicates: false, batch: 1, concurrency: 5, timeoutMs: 120_000 },
      defaults: { from: { address: 'shop@example.com' }, headers: {} },
    })
  })

  it.each<[string, Partial<SmtpOptions>, object]>([
    [
      'a url',
      { url: 'smtps://shop:p%40ss@mail.example.com' },
      { port: 465, secure: true, auth: { user: 'shop', password: 'p@ss' } },
    ],
    [
      'a url with a port',
      { url: 'smtp://mail.example.com:2525' },
      { host: 'mail.example.com', port: 2_525, secure: false },
    ],
    ['a url of IPv6', { url: 'smtp://[::1]:25/' }, { host: '::1', port: 25 }],
    ['port 465', { host: 'a.b', port: 465 }, { secure: true }],
    ['a login elsewhere', { host: 'a.b', auth: { user: 'a', password: 'b' } }, { requireTls: true }],
    ['a login on this machine', { host: '127.0.0.1', auth: { user: 'a', password: 'b' } }, { requireTls: false }],
    [
      'a login in the clear',
      { host: 'a.b', auth: { user: 'a', password: 'b' }, requireTls: false },
      { requireTls: false },
    ],
    ['connections', { host: 'a.b', pool: { connections: 20 } }, { connections: 20, capabilities: { concurrency: 20 } }],
    [
      'a rate',
      { host: 'a.b', rate: { count: 14, perMs: 1_000 } },
      { capabilities: { rate: { count: 14, perMs: 1_000 } } },
    ],
  ])('are read: %s', (_name, options, settings) => {
    expect(resolveSmtpOptions({ from: 'shop@example.com', ...options })).toMatchObject(settings)
  })

  it.each<[string, object | null, RegExp]>([
    ['no object', null, /smtp: the options must be an object/],
    ['an unknown one', { ...least, conections: 5 }, /smtp: there is no option 'conections'; there are url, host/],
    [
      'an unknown one that may be an address',
      { ...least, 'ann@example.com': 5 },
      /smtp: there is no option '…'; there are/,
    ],
    ['an unknown one within', { ...least, pool: { max: 5 } }, /smtp pool: there is no option 'max'/],
    ['no host', { from: least.from }, /url or host must be given/],
    ['no from', { host: 'a.b' }, /from must be an e-mail address/],
    ['a from with a line break', { ...least, from: 'Shop\n <a@b.cd>' }, /from must be/],
    ['a host with a line break', { ...least, host: 'a.b\r\n' }, /host must be text of one line/],
    ['a port too high', { ...least, port: 70_000 }, /port must be a whole number from 1 to 65535/],
    ['a url of http', { url: 'http://a.b', from: least.from }, /url must be smtp:/],
    ['a url with a query', { url: 'smtp://a.b?pool=true', from: least.from }, /url must be smtp:/],
    ['host beside url', { ...least, url: 'smtp://a.b' }, /host must be left out beside url/],
    [
      'auth twice',
      { url: 'smtp://a:b@a.b', from: least.from, auth: { user: 'a', password: 'b' } },
      /auth must be left out/,
    ],
    ['auth of nodemailer', { ...least, auth: { user: 'a', pass: 'secret' } }, /auth must be \{ user, password \}/],
    ['no connection', { ...least, pool: { connections: 0 } }, /pool: connections must be a whole number/],
    ['a timeout in words', { ...least, timeouts: { connectMs: '15s' } }, /timeouts: connectMs must be a whole number/],
    ['half a rate', { ...least, rate: { count: 5 } }, /rate: perMs must be given/],
    ['a header of the driver', { ...least, headers: { Subject: 'a' } }, /headers must be/],
    ['a header with a line break', { ...least, headers: { 'X-A': 'a\r\nBcc: b' } }, /headers must be/],
    ['a return path with a name', { ...least, returnPath: 'A <a@b.cd>' }, /returnPath must be one bare/],
    ['half a DKIM key', { ...least, dkim: { domain: 'a.b', selector: 's' } }, /dkim: privateKey must be given/],
    [
      'a DKIM key that is none',
      { ...least, dkim: { domain: 'a.b', selector: 's', privateKey: 'secret' } },
      /privateKey must be an RSA private key/,
    ],
  ])('are refused with %s', (_name, options, message) => {
    const refusal = refusalOf(options)
    expect(refusal).toMatch(message)
    expect(refusal).not.toMatch(/secret/)
  })

  it('refuse a DKIM key that nodemailer cannot sign with', () => {
    const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    expect(refusalOf({ ...least, dkim: { domain: 'a.b', selector: 's', privateKey } })).toMatch(/an RSA private key/)
  })

  it('are copied', () => {
    const headers: Record<string, string> = { 'X-A': 'a' }
    const settings = resolveSmtpOptions({ ...least, headers })
    headers['X-A'] = 'b'
    expect(settings.defaults.headers).toEqual({ 'X-A': 'a' })
  })
})

describe('smtp', () => {
  it('is the channel email, with one provider', () => {
    const channel = smtp({ ...least, name: 'backup' })
    expect(channel.name).toBe('email')
    expect(
      channel.drivers.map(({ driver, weight }) => [driver.specVersion, driver.provider, driver.html, weight]),
    ).toEqual([[1, 'backup', ['html'], 1]])
  })
})
