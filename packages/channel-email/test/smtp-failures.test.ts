import { afterEach, describe, expect, it } from 'vitest'
import { smtp, type SmtpOptions } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { type Move, type ScriptedServer, type Stage, startScriptedServer } from './support/scripted-server.js'

const opened: { server?: ScriptedServer; driver?: EmailDriver } = {}

async function start(script: Partial<Record<Stage, Move | Move[]>>, options: Partial<SmtpOptions> = {}) {
  const server = await startScriptedServer(script)
  const driver = driverOf(smtp({ host: '127.0.0.1', port: server.port, from: 'shop@example.com', ...options }))
  Object.assign(opened, { server, driver })
  return { server, driver }
}

afterEach(async () => {
  await opened.server?.close()
  await opened.driver?.close?.()
})

const retry = (reason: string) => ({ kind: 'retry', reason })
const later = (reason: string) => ({ kind: 'retry', reason, afterMs: 300_000 })
const rejected = (reason: string) => ({ kind: 'rejected', reason, invalidAddress: false })
const dead = (reason: string) => ({ kind: 'rejected', reason, invalidAddress: true })
const unknown = (reason: string) => ({ kind: 'unknown', reason })

const pipelined = '250-test\r\n250 PIPELINING'
const stepByStep = '250 test'

describe.each([
  ['with pipelining', pipelined],
  ['without pipelining', stepByStep],
])('a server %s', (_name, EHLO) => {
  it.each<[string, Partial<Record<Stage, Move>>, object]>([
    ['554 greeting', { connect: '554 5.3.2 no' }, later('smtp 554 5.3.2')],
    ['421 greeting', { connect: '421 4.3.2 busy' }, retry('smtp 421 4.3.2')],
    ['drops before the greeting', { connect: 'drop' }, retry('smtp ECONNECTION')],
    ['drops after EHLO', { EHLO: 'drop' }, retry('smtp ECONNECTION')],
    ['451 to MAIL', { MAIL: '451 4.3.0 later', DATA: '503 no' }, retry('smtp 451 4.3.0')],
    ['550 to MAIL', { MAIL: '550 5.7.1 ann@example.com may not', DATA: '503 no' }, rejected('smtp 550 5.7.1')],
    ['530 to MAIL', { MAIL: '530 5.7.0 log in first', DATA: '503 no' }, later('smtp 530 5.7.0')],
    ['drops after MAIL', { MAIL: 'drop' }, retry('smtp ECONNECTION')],
    ['450 to RCPT', { RCPT: '450 4.2.1 full', DATA: '503 no' }, retry('smtp 450 4.2.1')],
    ['550 5.1.1 to RCPT', { RCPT: '550 5.1.1 <ann@example.com> unknown', DATA: '503 no' }, dead('smtp 550 5.1.1')],
    ['550 to RCPT without enhanced code', { RCPT: '550 no', DATA: '503 no' }, rejected('smtp 550')],
    ['550 5.7.1 to RCPT', { RCPT: '550 5.7.1 policy', DATA: '503 no' }, rejected('smtp 550 5.7.1')],
    ['drops after RCPT', { RCPT: 'drop' }, retry('smtp ECONNECTION')],
    ['451 to DATA', { DATA: '451 4.3.0 later' }, retry('smtp 451 4.3.0')],
    ['554 to DATA', { DATA: '554 5.7.1 no' }, rejected('smtp 554 5.7.1')],
    ['drops at DATA', { DATA: 'drop' }, retry('smtp ECONNECTION')],
    ['drops in the middle of the mail', { midContent: 'drop' }, unknown('smtp ECONNECTION')],
    ['drops after the final dot', { content: 'drop' }, unknown('smtp ECONNECTION')],
    ['451 after the final dot', { content: '451 4.3.0 later' }, retry('smtp 451 4.3.0')],
    ['421 after the final dot', { content: '421 4.3.0 bye' }, retry('smtp 421 4.3.0')],
    ['554 after the final dot', { content: '554 5.7.1 spam from ann@example.com' }, rejected('smtp 554 5.7.1')],
    ['rubbish after the final dot', { content: 'What is ann@example.com?' }, unknown('smtp EMESSAGE')],
    ['354 after the final dot', { content: '354 go on' }, unknown('smtp 354')],
    ['550 5.1.1 after the final dot', { content: '550 5.1.1 unknown' }, dead('smtp 550 5.1.1')],
  ])('%s', async (_case, script, outcome) => {
    const { driver } = await start({ EHLO, ...script })
    expect(await driver.deliver(request(), context())).toEqual(outcome)
  })

  it.each<[Stage, string]>([
    ['connect', 'retry'],
    ['EHLO', 'retry'],
    ['MAIL', 'retry'],
    ['DATA', 'retry'],
    ['midContent', 'unknown'],
    ['content', 'unknown'],
  ])('that hangs at %s: an abort ends the attempt, with %s', async (stage, kind) => {
    const { driver, server } = await start({ EHLO, [stage]: 'hang' })
    const deadline = new AbortController()
    const hangs = server.reached(stage)
    const delivery = driver.deliver(request(), context(deadline.signal))
    await hangs
    deadline.abort()
    expect(await delivery).toEqual({ kind, reason: 'smtp EABORT' })
  })
})

describe('smtp', () => {
  it('answers retry where nobody listens', async () => {
    const { driver, server } = await start({})
    await server.close()
    expect(await driver.deliver(request(), context())).toEqual(retry('smtp ECONNREFUSED'))
  })

  it('answers retry where the host has no address', async () => {
    const { driver } = await start({}, { host: 'nowhere.invalid' })
    expect(await driver.deliver(request(), context())).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/^smtp E/),
    })
  })

  it('gives up on a server that does not greet', async () => {
    const { driver } = await start({ connect: 'hang' }, { timeouts: { greetingMs: 20 } })
    expect(await driver.deliver(request(), context())).toEqual(retry('smtp ETIMEDOUT'))
  })

  it('gives up on a server that does not answer the mail, and does not know', async () => {
    const { driver } = await start({ content: 'hang' }, { timeouts: { socketMs: 20 } })
    expect(await driver.deliver(request(), context())).toEqual(unknown('smtp ETIMEDOUT'))
  })

  it('sends nothing where the signal is aborted before', async () => {
    const { driver, server } = await start({})
    expect(await driver.deliver(request(), context(AbortSignal.abort()))).toEqual(retry('smtp aborted'))
    expect(server.connections()).toBe(0)
  })

  it('keeps the connection after a refusal, and changes it after a 421', async () => {
    const script = { RCPT: ['550 5.1.1 no', '421 4.3.0 bye', '250 ok'], DATA: ['503 no', '503 no', '354 go'] }
    const { driver, server } = await start(script, { pool: { connections: 1 } })
    expect(await driver.deliver(request(), context())).toEqual(dead('smtp 550 5.1.1'))
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect(server.connections()).toBe(2)
  })

  it('hands the mail to a new connection where the server has closed an idle one', async () => {
    const { driver, server } = await start({ MAIL: ['250 ok', 'drop', '250 ok'] })
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    expect([server.connections(), server.contents()]).toEqual([2, 2])
  })

  it('never sends a mail again by itself once the server may have it', async () => {
    const { driver, server } = await start({ content: ['250 ok', 'drop', '250 ok'] })
    await driver.deliver(request(), context())
    expect((await driver.deliver(request(), context())).kind).toBe('unknown')
    expect(server.contents()).toBe(2)
  })
})
