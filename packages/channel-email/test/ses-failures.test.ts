import type { ServerResponse } from 'node:http'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { ses, type SesOptions } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { sesError, type SesStandIn, sesTaken, startSesStandIn } from './support/ses-stand-in.js'

// The same by the SDK, and by the thin client.
describe.each<[string, Partial<SesOptions>]>([
  ['the SDK', {}],
  ['the thin client', { client: 'thin' }],
])('ses by %s', (_name, client) => {
  const opened: { server?: SesStandIn; driver?: EmailDriver } = {}

  async function start(answer: (response: ServerResponse) => void, options: Partial<SesOptions> = {}) {
    const server = await startSesStandIn(answer)
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
    const driver = driverOf(
      ses({
        region: 'eu-west-1',
        credentials,
        endpoint: server.endpoint,
        from: 'shop@example.com',
        ...client,
        ...options,
      }),
    )
    Object.assign(opened, { server, driver })
    return { server, driver }
  }

  afterEach(async () => {
    await opened.driver?.close?.()
    await opened.server?.close()
  })

  const rejected = (reason: string) => ({ kind: 'rejected', reason, invalidAddress: false })
  const later = (reason: unknown) => ({ kind: 'retry', afterMs: 300_000, reason })

  /** What SES says of a sender without proof, and of a recipient while the account is in the sandbox. */
  const notVerified =
    'Email address is not verified. The following identities failed the check in region EU-WEST-1: ann@example.com'

  describe('failures', () => {
    it.each<[number, string, string, object]>([
      [400, 'MessageRejected', 'Address blacklisted.', rejected('ses MessageRejected')],
      [400, 'MessageRejected', notVerified, later('ses MessageRejected')],
      [400, 'MessageRejected', 'Sending suspended for this account.', later('ses MessageRejected')],
      [400, 'InvalidParameterValue', 'Missing final @domain', rejected('ses InvalidParameterValue')],
      [400, 'Throttling', 'Maximum sending rate exceeded.', { kind: 'retry', reason: 'ses Throttling' }],
      [400, 'Throttling', 'Daily message quota exceeded.', later('ses Throttling')],
      [400, 'MailFromDomainNotVerifiedException', 'no MX', later('ses MailFromDomainNotVerifiedException')],
      [400, 'AccountSendingPausedException', 'paused', later('ses AccountSendingPausedException')],
      [
        400,
        'ConfigurationSetDoesNotExist',
        'no set',
        later(expect.stringMatching(/^ses ConfigurationSetDoesNotExist(Exception)?$/)),
      ],
      [403, 'InvalidClientTokenId', 'no key', later('ses InvalidClientTokenId')],
      [403, 'SignatureDoesNotMatch', 'no match', later('ses SignatureDoesNotMatch')],
      [500, 'InternalFailure', 'oh', { kind: 'unknown', reason: 'ses InternalFailure' }],
      [503, 'ServiceUnavailable', 'oh', { kind: 'unknown', reason: 'ses ServiceUnavailable' }],
    ])('%i %s: %s', async (status, code, message, outcome) => {
      const { driver, server } = await start(sesError(status, code, message))
      expect(await driver.deliver(request(), context())).toEqual(outcome)
      expect(server.calls).toHaveLength(1)
    })

    it('tells of a sender that is not verified, and names nobody', async () => {
      const { driver } = await start(sesError(400, 'MessageRejected', notVerified))
      const told = context()
      await driver.deliver(request(), told)
      expect(told.events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'ses MessageRejected' }])
    })

    it('posts the mail, its envelope and its configuration set', async () => {
      const { driver, server } = await start(sesTaken('id-1'), {
        configurationSet: 'main',
        returnPath: 'bounce@example.com',
      })
      const content = {
        subject: 'Grüße',
        text: 'ä',
        cc: 'bob@example.com',
        bcc: 'eve@example.com',
        listUnsubscribe: { mailto: 'out@example.com' },
      }
      expect(await driver.deliver(request({ content }), context())).toEqual({ kind: 'sent', providerId: 'id-1' })
      const { 'RawMessage.Data': data, ...form } = Object.fromEntries(server.calls[0] ?? [])
      expect(form).toMatchObject({
        Action: 'SendRawEmail',
        Source: 'bounce@example.com',
        'Destinations.member.1': 'ann@example.com',
        'Destinations.member.2': 'bob@example.com',
        'Destinations.member.3': 'eve@example.com',
        ConfigurationSetName: 'main',
      })
      const mail = await PostalMime.parse(Buffer.from(data ?? '', 'base64'))
      expect(mail).toMatchObject({
        subject: 'Grüße',
        to: [{ address: 'ann@example.com' }],
        cc: [{ address: 'bob@example.com' }],
      })
      expect(mail.bcc).toBeUndefined()
      expect(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toBe('<mailto:out@example.com>')
    })

    it('does not know where the connection is lost after the call', async () => {
      const { driver, server } = await start((response) => void response.socket?.destroy())
      expect((await driver.deliver(request(), context())).kind).toBe('unknown')
      expect(server.calls).toHaveLength(1)
    })

    it.each(['<html>', '<html><p>It works!</p></html>', ''])('does not know where the answer is %j', async (answer) => {
      const { driver } = await start((response) => void response.writeHead(200).end(answer))
      expect((await driver.deliver(request(), context())).kind).toBe('unknown')
    })

    it('does not know where the deadline passes first', async () => {
      const { driver, server } = await start(() => undefined)
      const deadline = new AbortController()
      const called = server.called()
      const delivery = driver.deliver(request(), context(deadline.signal))
      await called
      deadline.abort()
      expect(await delivery).toEqual({
        kind: 'unknown',
        reason: expect.stringMatching(/^ses (AbortError|aborted)$/),
      })
    })

    it('answers retry where nobody listens', async () => {
      const { driver, server } = await start(() => undefined)
      await server.close()
      expect(await driver.deliver(request(), context())).toEqual({ kind: 'retry', reason: 'ses ECONNREFUSED' })
    })

    it('answers retry where there are no credentials', async () => {
      const credentials = () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }))
      const { driver, server } = await start(sesTaken('id'), { credentials })
      expect(await driver.deliver(request(), context())).toEqual({
        kind: 'retry',
        reason: expect.stringMatching(/^ses (.+ )?CredentialsProviderError$/),
      })
      expect(server.calls).toEqual([])
    })

    it('close waits for the call in flight', async () => {
      const answers: ServerResponse[] = []
      const { driver, server } = await start((response) => void answers.push(response))
      const called = server.called()
      const delivery = driver.deliver(request(), context())
      await called
      let closed = false
      const closing = driver.close?.().then(() => (closed = true))
      await new Promise(setImmediate)
      expect(closed).toBe(false)
      for (const response of answers) sesTaken('id')(response)
      expect((await delivery).kind).toBe('sent')
      await closing
    })
  })
})
