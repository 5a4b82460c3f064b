import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { smtp, type SmtpOptions } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { certificate, type MailServer, startMailServer } from './support/mail-server.js'

const opened: { server?: MailServer; driver?: EmailDriver } = {}
const trusted = { tls: { ca: certificate.cert } }

async function start(server: SMTPServerOptions, options: Partial<SmtpOptions> = {}) {
  const mailServer = await startMailServer({ ...certificate, ...server })
  const driver = driverOf(smtp({ host: 'localhost', port: mailServer.port, from: 'shop@example.com', ...options }))
  Object.assign(opened, { server: mailServer, driver })
  return { server: mailServer, driver }
}

afterEach(async () => {
  await opened.driver?.close?.()
  await opened.server?.close()
})

describe('TLS', () => {
  it('from the first byte', async () => {
    const { driver, server } = await start({ secure: true }, { secure: true, ...trusted })
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect(server.received[0]?.secure).toBe(true)
  })

  it('by STARTTLS, without being asked, where the server offers it', async () => {
    const { driver, server } = await start({ disabledCommands: ['AUTH'] }, trusted)
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect(server.received[0]?.secure).toBe(true)
  })

  it.each([
    ['from the first byte', { secure: true }, { secure: true }],
    ['by STARTTLS', { disabledCommands: ['AUTH'] }, {}],
  ])('%s: a certificate that is not trusted sends nothing', async (_how, onServer, options) => {
    const { driver, server } = await start(onServer, options)
    const outcome = await driver.deliver(request(), context())
    expect(outcome).toEqual({ kind: 'retry', reason: 'smtp DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(server.received).toEqual([])
  })

  it('is not done without where it is required', async () => {
    const { driver, server } = await start({ disabledCommands: ['STARTTLS'] }, { requireTls: true })
    expect((await driver.deliver(request(), context())).kind).toBe('retry')
    expect(server.received).toEqual([])
  })
})

const accounts: SMTPServerOptions = {
  disabledCommands: ['STARTTLS'],
  authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
  authOptional: false,
  onAuth({ username, password, accessToken }, _session, done) {
    if (username === 'shop' && (password === 'pässword' || accessToken === 'token')) done(null, { user: username })
    else done(Object.assign(new Error('5.7.8 shop has another password'), { responseCode: 535 }))
  },
}

describe('login', () => {
  it.each<[string, SMTPServerOptions['authMethods'] & object, SmtpOptions['auth'] & object]>([
    ['PLAIN', ['PLAIN', 'LOGIN'], { user: 'shop', password: 'pässword' }],
    ['LOGIN', ['LOGIN'], { user: 'shop', password: 'pässword' }],
    ['XOAUTH2', ['PLAIN', 'XOAUTH2'], { user: 'shop', accessToken: 'token' }],
    ['a function', ['PLAIN'], async () => ({ user: 'shop', password: 'pässword' })],
  ])('by %s', async (_name, authMethods, auth) => {
    const { driver, server } = await start({ ...accounts, authMethods }, { auth })
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect(server.received[0]?.user).toBe('shop')
  })

  it('with user and password of the url', async () => {
    const server = await startMailServer(accounts)
    const url = `smtp://shop:p%C3%A4ssword@127.0.0.1:${server.port}`
    const driver = driverOf(smtp({ url, from: 'shop@example.com' }))
    Object.assign(opened, { server, driver })
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
  })

  it.each<[string, SmtpOptions['auth'] & object]>([
    ['a wrong password', { user: 'shop', password: 'wrong' }],
    ['a wrong token', { user: 'shop', accessToken: 'wrong' }],
  ])('is the account’s problem, not the address’s: %s', async (_name, auth) => {
    const { driver, server } = await start(accounts, { auth })
    const outcome = await driver.deliver(request(), context())
    expect(outcome).toEqual({ kind: 'retry', afterMs: 300_000, reason: 'smtp 535 5.7.8' })
    expect(server.received).toEqual([])
  })

  it('sends nothing where the function throws, or answers no credentials', async () => {
    const throwing = await start(accounts, { auth: () => Promise.reject(new Error('vault is shut')) })
    expect(await throwing.driver.deliver(request(), context())).toEqual({ kind: 'retry', reason: 'smtp EAUTH' })
    await throwing.driver.close?.()
    await throwing.server.close()
    const { driver } = await start(accounts, { auth: () => JSON.parse('{}') })
    expect(await driver.deliver(request(), context())).toEqual({ kind: 'retry', reason: 'smtp EAUTH' })
  })

  it('asks the function again for each connection', async () => {
    const passwords = ['wrong', 'pässword']
    const auth = () => ({ user: 'shop', password: passwords.shift() ?? '' })
    const { driver } = await start(accounts, { auth })
    expect((await driver.deliver(request(), context())).kind).toBe('retry')
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
  })

  it('is refused where the server knows of none, and the password is not sent', async () => {
    const { driver } = await start(
      { disabledCommands: ['STARTTLS', 'AUTH'] },
      { auth: { user: 'shop', password: 'x' } },
    )
    expect(await driver.deliver(request(), context())).toMatchObject({ kind: 'retry', afterMs: 300_000 })
  })
})
