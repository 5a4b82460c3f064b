import { acs3Headers } from '@reachkit/driver-kit'
import { driverCases, runCase, startHttpVendor, type VendorAnswer, vendorSubject } from '@reachkit/testing'
import PostalMime from 'postal-mime'
import { describe, expect, it, onTestFinished } from 'vitest'
import { directMail, type EmailContent, mailchimp } from '../src/index.js'
import { context, driverOf, request } from './support/delivery.js'

const to = 'ann@example.com'
const text = 'Thank you for order A1'
const secret = 'open-sesame-77'
/** What an unkind vendor writes into its answers. */
const gossip = `${to} was told "${text}" by ${secret}`
const from = 'Shop <shop@example.com>'
const mandrill = (status: string, reason?: string) => ({
  json: [{ email: to, status, _id: 'abc123', reject_reason: reason ?? null }],
})

const vendors = [
  {
    name: 'mailchimp',
    open: (endpoint: string) => mailchimp({ endpoint, apiKey: secret, from }),
    answers: {
      accept: mandrill('sent'),
      refuse: mandrill('rejected', 'unsub'),
      'refuse-address': mandrill('rejected', 'hard-bounce'),
      'refuse-inside': mandrill('rejected', 'spam'),
      throttle: { status: 429, headers: { 'retry-after': '2' }, text: gossip },
    },
  },
  {
    name: 'directMail',
    open: (endpoint: string) =>
      directMail({ endpoint, credentials: { accessKeyId: 'id-1', accessKeySecret: secret }, from }),
    answers: {
      accept: { json: { EnvId: '600000000000000000', RequestId: 'r-1' } },
      refuse: { status: 400, json: { Code: 'InvalidBody', Message: gossip } },
      'refuse-address': { status: 400, json: { Code: 'InvalidToAddress', Message: gossip } },
      'refuse-inside': { json: { Code: 'InvalidBody', Message: gossip } },
      throttle: { status: 400, json: { Code: 'Throttling.User', Message: gossip } },
    },
  },
]

describe.each(vendors)('$name', ({ open, answers }) => {
  const opened = vendorSubject({
    answers,
    channel: ({ url }) => open(url),
    to,
    content: { subject: 'Order A1', text },
    secrets: [to, text, secret],
  })

  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, opened, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})

async function delivered(
  open: (endpoint: string) => ReturnType<typeof mailchimp>,
  answer: VendorAnswer,
  content: EmailContent = { subject: 'Order A1', text },
) {
  const vendor = await startHttpVendor({ answers: { accept: answer } })
  const driver = driverOf(open(vendor.url))
  onTestFinished(async () => {
    await vendor.close()
    await driver.close?.()
  })
  const told = Object.assign(context(), { fetch })
  const outcome = await driver.deliver(request({ content }), told)
  return { outcome, sent: vendor.requests[0], events: told.events }
}

const [byMailchimp, byDirectMail] = vendors.map(({ open }) => open) as [
  (typeof vendors)[0]['open'],
  (typeof vendors)[1]['open'],
]
const full: EmailContent = {
  subject: '订单 😀',
  text: '谢谢',
  html: '<p>谢谢</p>',
  from: '店 <other@example.com>',
  replyTo: '"Ann, Sales" <sales@example.com>',
}

describe('mailchimp', () => {
  it('sends the mail as it is composed, to all of its addresses', async () => {
    const content: EmailContent = {
      ...full,
      bcc: 'bob@example.com',
      headers: { 'X-MC-Tags': 'orders' },
      attachments: [{ filename: 'a.txt', content: 'hello' }],
      listUnsubscribe: { url: 'https://example.com/leave', oneClick: true },
    }
    const open = (endpoint: string) =>
      mailchimp({ endpoint, apiKey: async () => secret, from, ipPool: 'main', returnPathDomain: 'bounce.example.com' })
    const answer = {
      json: [
        { email: 'bob@example.com', status: 'rejected', reject_reason: 'hard-bounce', _id: 'b' },
        { email: 'Ann@example.com', status: 'queued', reject_reason: null, _id: 'a' },
      ],
    }
    const { outcome, sent, events } = await delivered(open, answer, content)
    expect(outcome).toEqual({ kind: 'sent', providerId: 'a' })
    expect(events).toEqual([
      {
        kind: 'address-dead',
        messageId: 'parcel.0',
        address: 'bob@example.com',
        reason: 'copy: mailchimp hard-bounce',
      },
    ])
    expect(sent).toMatchObject({ method: 'POST', url: '/api/1.0/messages/send-raw' })
    const { raw_message: raw, ...others } = (sent?.json ?? {}) as { raw_message: string }
    expect(others).toEqual({
      key: secret,
      to: ['ann@example.com', 'bob@example.com'],
      async: false,
      ip_pool: 'main',
      return_path_domain: 'bounce.example.com',
    })
    const mail = await PostalMime.parse(raw)
    expect(mail).toMatchObject({
      subject: '订单 😀',
      from: { name: '店', address: 'other@example.com' },
      to: [{ address: 'ann@example.com' }],
      replyTo: [{ name: 'Ann, Sales', address: 'sales@example.com' }],
      attachments: [{ filename: 'a.txt' }],
    })
    expect([mail.text?.trim(), mail.html?.trim()]).toEqual(['谢谢', '<p>谢谢</p>'])
    expect(raw).not.toContain('bob@example.com')
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })

  it.each<[VendorAnswer, object]>([
    [mandrill('scheduled'), { kind: 'sent', providerId: 'abc123' }],
    [mandrill('invalid'), { kind: 'rejected', invalidAddress: true }],
    [mandrill('rejected', 'invalid'), { kind: 'rejected', invalidAddress: true }],
    ...['soft-bounce', 'spam', 'unsub', 'custom', 'rule'].map((reason): [VendorAnswer, object] => [
      mandrill('rejected', reason),
      { kind: 'rejected', invalidAddress: false, reason: `mailchimp ${reason}` },
    ]),
    ...['invalid-sender', 'unsigned', 'test-mode-limit'].map((reason): [VendorAnswer, object] => [
      mandrill('rejected', reason),
      { kind: 'retry', afterMs: 300_000 },
    ]),
    ...['Invalid_Key', 'PaymentRequired', 'Unknown_Subaccount'].map((name): [VendorAnswer, object] => [
      { status: 500, json: { status: 'error', code: -1, name, message: gossip } },
      { kind: 'retry', afterMs: 300_000, reason: `mailchimp ${name}` },
    ]),
    [
      { status: 500, json: { name: 'ValidationError' } },
      { kind: 'rejected', invalidAddress: false },
    ],
    [
      { status: 401, json: { name: 'Invalid_Key' } },
      { kind: 'retry', afterMs: 300_000 },
    ],
    [
      { status: 404, json: { name: 'Unknown_Subaccount' } },
      { kind: 'retry', afterMs: 300_000 },
    ],
    [{ status: 500, json: { name: 'RequestLimitExceeded' } }, { kind: 'retry' }],
    [{ status: 500, json: { name: 'ServiceUnavailable' } }, { kind: 'retry' }],
    [{ status: 500, json: { name: 'GeneralError' } }, { kind: 'unknown' }],
    [{ status: 500, text: 'oops' }, { kind: 'unknown' }],
    [{ json: [] }, { kind: 'unknown' }],
    [{ json: [{ email: 'eve@example.com', status: 'sent', _id: 'x' }] }, { kind: 'unknown' }],
  ])('%j', async (answer, expected) => {
    expect((await delivered(byMailchimp, answer)).outcome).toMatchObject(expected)
  })

  it('warns of a fault of the account', async () => {
    const { events } = await delivered(byMailchimp, { status: 500, json: { name: 'Invalid_Key', message: gossip } })
    expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'mailchimp Invalid_Key' }])
  })

  it.each([
    ['account-suspended', 1],
    ['hourly-quota-exhausted', 0],
  ])('a mail that waits for %s is sent, and told where a person must see to it', async (queued_reason, told) => {
    const answer = { json: [{ email: to, status: 'queued', reject_reason: null, queued_reason, _id: 'a' }] }
    const { outcome, events } = await delivered(byMailchimp, answer)
    expect(outcome).toEqual({ kind: 'sent', providerId: 'a' })
    const warning = { kind: 'warning', messageId: 'parcel.0', reason: `mailchimp queued ${queued_reason}` }
    expect(events).toEqual(Array.from({ length: told }, () => warning))
  })

  // Another attempt, of this provider or of another one, would mail the copies again.
  it.each([
    ['unsub', 'sent', { kind: 'unknown', reason: 'mailchimp unsub, but a copy went out' }],
    ['invalid-sender', 'queued', { kind: 'unknown', reason: 'mailchimp invalid-sender, but a copy went out' }],
    ['hard-bounce', 'sent', { kind: 'rejected', reason: 'mailchimp hard-bounce', invalidAddress: true }],
    ['unsub', 'rejected', { kind: 'rejected', reason: 'mailchimp unsub', invalidAddress: false }],
  ])('a recipient who is refused as %s, beside a copy that is %s', async (reason, status, expected) => {
    const answer = {
      json: [
        { email: to, status: 'rejected', reject_reason: reason, _id: 'a' },
        { email: 'bob@example.com', status, reject_reason: null, _id: 'b' },
      ],
    }
    const content: EmailContent = { subject: 'Order A1', text, cc: 'bob@example.com' }
    expect((await delivered(byMailchimp, answer, content)).outcome).toEqual(expected)
  })
})

describe('directMail', () => {
  it('sends a signed form', async () => {
    const credentials = async () => ({ accessKeyId: 'id-1', accessKeySecret: secret, securityToken: 'sts-1' })
    const open = (endpoint: string) => directMail({ endpoint, credentials, from, tag: 'orders', clickTrace: true })
    const { outcome, sent } = await delivered(open, { json: { EnvId: '6000' } }, full)
    expect(outcome).toEqual({ kind: 'sent', providerId: '6000' })
    expect(Object.fromEntries(sent?.form ?? [])).toEqual({
      AccountName: 'other@example.com',
      FromAlias: '店',
      AddressType: '1',
      ReplyToAddress: 'false',
      ReplyAddress: 'sales@example.com',
      ReplyAddressAlias: 'Ann, Sales',
      ToAddress: to,
      Subject: '订单 😀',
      HtmlBody: '<p>谢谢</p>',
      TextBody: '谢谢',
      Headers: '{"Message-ID":"<parcel=0=email=x1@example.com>"}',
      TagName: 'orders',
      ClickTrace: '1',
    })
    const { method = '', url = '', headers = {}, text: body = '' } = sent ?? {}
    const signed = acs3Headers(
      {
        method,
        host: String(headers['host']),
        path: url,
        query: '',
        body,
        action: 'SingleSendMail',
        version: '2015-11-23',
        contentType: 'application/x-www-form-urlencoded',
      },
      await credentials(),
      { now: context().clock.now(), nonce: String(headers['x-acs-signature-nonce']) },
    )
    expect(headers).toMatchObject(signed)
  })

  it.each([
    [{ url: 'https://example.com/leave', mailto: 'leave@example.com', oneClick: true }, 'List-Unsubscribe=One-Click'],
    [{ url: 'https://example.com/leave', mailto: 'mailto:leave@example.com' }, undefined],
  ])('says how to leave the list: %j', async (listUnsubscribe, post) => {
    const ofContent = await delivered(byDirectMail, { json: { EnvId: '1' } }, { ...full, listUnsubscribe })
    const credentials = { accessKeyId: 'id-1', accessKeySecret: secret }
    const ofDriver = await delivered(
      (endpoint) => directMail({ endpoint, credentials, from, listUnsubscribe: () => listUnsubscribe }),
      { json: { EnvId: '1' } },
      full,
    )
    for (const { sent } of [ofContent, ofDriver])
      expect(JSON.parse(sent?.form.get('Headers') ?? '')).toMatchObject({
        'List-Unsubscribe': '<https://example.com/leave>, <mailto:leave@example.com>',
        ...(post !== undefined && { 'List-Unsubscribe-Post': post }),
      })
  })

  it.each<[string, Partial<EmailContent>]>([
    ['no-attachments', { attachments: [{ filename: 'a', content: 'b' }] }],
    ['no-cc', { cc: 'bob@example.com' }],
    ['no-bcc', { bcc: 'bob@example.com' }],
    ['no-headers', { headers: { 'X-A': 'b' } }],
    ['one-reply-to', { replyTo: ['a@example.com', 'b@example.com'] }],
    ['subject-too-long', { subject: '😀'.repeat(257) }],
    ['sender-name-too-long', { from: `${'店'.repeat(15)} <shop@example.com>` }],
    ['body-too-long', { html: '字'.repeat(2_666_667) }],
  ])('%s: rejected rather than sent otherwise', async (fault, changes) => {
    const { outcome, sent } = await delivered(byDirectMail, { json: { EnvId: '1' } }, { ...full, ...changes })
    expect(outcome).toEqual({ kind: 'rejected', reason: `directmail ${fault}`, invalidAddress: false })
    expect(sent).toBeUndefined()
  })

  it.each<[string, object]>([
    ['InvalidToAddress', { kind: 'rejected', invalidAddress: true }],
    ['InvalidToAddress.Spam', { kind: 'rejected', invalidAddress: true }],
    ...[
      'InvalidReceiver.NotFound',
      'InvalidBody',
      'InvalidSubject.Malformed',
      'InvalidFromAlias.Malformed',
      'MissingSubject',
    ].map((code): [string, object] => [code, { kind: 'rejected', invalidAddress: false }]),
    ...[
      'InvalidMailAddress.NotFound',
      'InvalidMailAddressStatus.Malformed',
      'InvalidMailAddressDomain.Malformed',
      'InvalidMailAddressSendType.Malformed',
      'InvalidSendMail.Spam',
      'SignatureDoesNotMatch',
      'InvalidAccessKeyId.NotFound',
    ].map((code): [string, object] => [code, { kind: 'retry', afterMs: 300_000, reason: `directmail ${code}` }]),
    ['InvalidQuota', { kind: 'retry', afterMs: 300_000 }],
    ['Throttling', { kind: 'retry' }],
    ['ServiceUnavailable', { kind: 'unknown' }],
  ])('%s', async (Code, expected) => {
    const { outcome } = await delivered(byDirectMail, { status: 400, json: { Code, Message: gossip } })
    expect(outcome).toMatchObject(expected)
  })
})

it('directMail warns of a fault of the account', async () => {
  const { events } = await delivered(byDirectMail, {
    status: 400,
    json: { Code: 'InvalidMailAddress.NotFound', Message: gossip },
  })
  expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'directmail InvalidMailAddress.NotFound' }])
})

describe('options that are wrong are refused when the driver is built', () => {
  const credentials = { accessKeyId: 'id-1', accessKeySecret: secret }
  it.each([
    [() => mailchimp({ apiKey: 'a\nb', from }), 'mailchimp: apiKey must be'],
    [() => mailchimp({ apiKey: secret, from: 'shop' }), 'mailchimp: from must be'],
    [() => mailchimp({ apiKey: secret, from, headers: { From: 'x' } }), 'mailchimp: headers must be'],
    [() => directMail({ credentials, from: `${'a'.repeat(15)} <shop@example.com>` }), 'directMail: from must be'],
    [() => directMail({ credentials, from, tag: 'a b' }), 'directMail: tag must be'],
    [() => directMail({ credentials, from, clickTrace: true }), 'directMail: tag must be given together'],
    [
      () => directMail({ credentials: { ...credentials, accessKeySecret: '' }, from }),
      'directMail: credentials must be',
    ],
  ])('%#', (build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'REACH_OPTION_INVALID' }))
    expect(build).toThrow(message)
  })
})
