import { vendorSubject } from '@reachkit/testing'
import { Api } from 'grammy'
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { telegram } from '../src/index.js'
import { attempt, faultsOf, kindOf, takesAddress, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const token = '123456:open-sesame-77'
const to = '4711000815'
const text = 'Order A1 is paid 🎉 ü'
const gossip = `${to} was told "${text}" by ${token}`

const refusal = (code: number, description: string, parameters?: object) => ({
  status: code,
  json: { ok: false, error_code: code, description, ...(parameters !== undefined && { parameters }) },
})

describe('telegram', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: { json: { ok: true, result: { message_id: 42, chat: { id: Number(to) }, text } } },
        refuse: refusal(400, `Bad Request: message is too long ${gossip}`),
        'refuse-address': refusal(403, `Forbidden: bot was blocked by the user ${gossip}`),
        'refuse-inside': { json: { ok: false, error_code: 400, description: `Bad Request: chat not found ${gossip}` } },
        throttle: refusal(429, `Too Many Requests: retry after 2 ${gossip}`, { retry_after: 2 }),
      },
      channel: ({ url }) => telegram({ endpoint: url, token }),
      to,
      content: { text },
      secrets: [to, text, token],
    }),
  )
})

describe('telegram: what is sent', () => {
  const accept = { json: { ok: true, result: { message_id: 1 } } }

  it('is what grammY sends, the client that most bots use', async () => {
    const [theirs, ours] = [await vendorThat(accept), await vendorThat(accept)]
    const api = new Api(token, { apiRoot: theirs.url })
    const button = { text: 'Öffnen 🎉', url: 'https://shop.example/o?id=A1&x=ü' }
    await api.sendMessage(to, `<b>${text}</b>`, {
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: [[button]] },
      disable_notification: true,
      link_preview_options: { is_disabled: true },
    })
    const content = { html: `<b>${text}</b>`, buttons: [[button]], silent: true, preview: false }
    await attempt(telegram({ endpoint: ours.url, token }), { to, content })
    const seen = ({ requests }: typeof ours) => requests.map(({ method, url, json }) => ({ method, url, json }))
    expect(seen(ours)).toEqual(seen(theirs))
    expect(ours.requests).toMatchObject([{ method: 'POST', url: `/bot${token}/sendMessage` }])
  })

  it('has no parse mode where the text is plain', async () => {
    const vendor = await vendorThat(accept)
    await attempt(telegram({ endpoint: vendor.url, token }), { to, content: { text: '<b>_*[x](y)`\r\n' } })
    expect(vendor.requests.map(({ json }) => json)).toEqual([{ chat_id: to, text: '<b>_*[x](y)`\r\n' }])
  })

  it('arrives at the client of an emulator of the Bot API', async () => {
    const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1' })
    await server.start()
    try {
      const { outcome } = await attempt(telegram({ endpoint: server.config.apiURL, token }), {
        to: '1',
        content: { html: `<i>${text}</i>` },
      })
      const { result } = await server.getClient(token, { userId: 1, chatId: 1 }).getUpdates()
      expect(result.map(({ message }) => message)).toMatchObject([
        { chat_id: '1', text: `<i>${text}</i>`, parse_mode: 'HTML' },
      ])
      expect(outcome).toEqual({ kind: 'sent', providerId: String(result[0]?.messageId) })
    } finally {
      await server.stop()
    }
  })

  it('never leaves by a token that would be another path', async () => {
    const vendor = await vendorThat(accept)
    const stolen = telegram({ endpoint: vendor.url, token: async () => '1/../../x' })
    expect((await attempt(stolen, { to, content: { text } })).outcome).toEqual({
      kind: 'retry',
      reason: 'telegram token malformed',
    })
    expect(vendor.requests).toEqual([])
  })
})

describe('telegram: what answers mean', () => {
  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'dead'],
    [403, 'Forbidden: user is deactivated', 'dead'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'doubted'],
    [403, "Forbidden: bots can't send messages to bots", 'dead'],
    [403, "Forbidden: bot can't send messages to bots", 'dead'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'dead'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'doubted'],
    [403, 'Forbidden: the group chat was deleted', 'dead'],
    [400, 'Bad Request: group is deactivated', 'dead'],
    [400, 'Bad Request: group chat was deactivated', 'dead'],
    [400, 'Bad Request: chat not found', 'doubted'],
    [400, 'Bad Request: private chat not found', 'doubted'],
    [400, 'Bad Request: user not found', 'doubted'],
    [400, 'Bad Request: PEER_ID_INVALID', 'doubted'],
    [400, 'Bad Request: CHANNEL_PRIVATE', 'doubted'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'rejected'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'rejected'],
    [400, 'Bad Request: have no rights to send a message', 'rejected'],
    [400, 'Bad Request: have no write access to the chat', 'rejected'],
    [400, 'Bad Request: FROZEN_METHOD_INVALID', 'fault'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'rejected'],
    [400, 'Bad Request: message is too long', 'rejected'],
    [400, 'Bad Request: message text is empty', 'rejected'],
    [400, "Bad Request: can't parse entities: Unsupported start tag", 'rejected'],
    [400, 'Bad Request: something new', 'rejected'],
    [403, 'Forbidden: something new', 'rejected'],
    [401, 'Unauthorized', 'fault'],
    [404, 'Not Found', 'fault'],
    [429, 'Too Many Requests: retry after 7', 'retry'],
    [500, 'Internal Server Error', 'unknown'],
    [502, 'Bad Gateway', 'unknown'],
  ])('%i %s: %s', async (code, description, kind) => {
    const vendor = await vendorThat(refusal(code, description))
    expect(kindOf(await attempt(telegram({ endpoint: vendor.url, token }), { to, content: { text } }))).toBe(kind)
  })

  it('a chat that is not found is dead once another one was reached: before that, the token may be of another bot', async () => {
    const vendor = await vendorThat(({ json }) =>
      (json as { chat_id: string }).chat_id === to
        ? { json: { ok: true, result: { message_id: 9 } } }
        : refusal(400, 'Bad Request: chat not found'),
    )
    const channel = telegram({ endpoint: vendor.url, token })
    const kinds: string[] = []
    for (const chat of ['7', to, '7']) kinds.push(kindOf(await attempt(channel, { to: chat, content: { text } })))
    expect(kinds).toEqual(['doubted', 'sent', 'dead'])
  })

  it('waits as long as Telegram asks', async () => {
    const vendor = await vendorThat(refusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 }))
    const { outcome } = await attempt(telegram({ endpoint: vendor.url, token }), { to, content: { text } })
    expect(outcome).toEqual({ kind: 'retry', afterMs: 35_000, reason: 'telegram too-many-requests' })
  })

  it('warns of a token that is not taken', async () => {
    const vendor = await vendorThat(refusal(401, 'Unauthorized'))
    const { events } = await attempt(telegram({ endpoint: vendor.url, token }), { to, content: { text } })
    expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'telegram token-invalid' }])
  })

  it('follows a group that became a supergroup, once, and tells where it went', async () => {
    const moved = refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: -1001234567890,
    })
    const vendor = await vendorThat(({ json }) =>
      (json as { chat_id: string }).chat_id === '-4711' ? moved : { json: { ok: true, result: { message_id: 9 } } },
    )
    const { outcome, events } = await attempt(telegram({ endpoint: vendor.url, token }), {
      to: '-4711',
      content: { text },
    })
    expect(outcome).toEqual({ kind: 'sent', providerId: '9' })
    expect(events).toEqual([
      { kind: 'address-changed', messageId: 'parcel.0', address: '-1001234567890', reason: 'telegram supergroup' },
    ])
    const always = await vendorThat(moved)
    const lost = await attempt(telegram({ endpoint: always.url, token }), { to: '-4711', content: { text } })
    expect([kindOf({ ...lost, events: [] }), always.requests.length]).toEqual(['dead', 2])
  })
})

describe('telegram: what is refused before', () => {
  const channel = telegram({ token })

  it('addresses', async () => {
    for (const fine of [7, -100123, '7', '-100123', '@shop_news']) expect(await takesAddress(channel, fine)).toBe(true)
    for (const wrong of [0, 1.5, '', '0', '@1', 'ann', '7\n8', '+4915112345678', {}])
      expect(await takesAddress(channel, wrong)).toBe(false)
  })

  it('content', async () => {
    expect(await faultsOf(channel, { text: '😀'.repeat(4_096) })).toEqual([])
    expect(
      await faultsOf(channel, {
        html: `<a href="https://a.example/${'x'.repeat(5_000)}">${'&amp;'.repeat(4_096)}</a>`,
      }),
    ).toEqual([])
    expect(await faultsOf(channel, { text: '😀'.repeat(4_097) })).toHaveLength(1)
    expect(await faultsOf(channel, { html: `<b>${'x'.repeat(4_097)}</b>` })).toHaveLength(1)
    expect(await faultsOf(channel, { html: '<b> </b>' })).toHaveLength(1)
    expect(await faultsOf(channel, {})).toHaveLength(1)
    expect(await faultsOf(channel, { text: 'a', html: 'b' })).toHaveLength(1)
    expect(await faultsOf(channel, { text: 'a', subject: 'b' })).toHaveLength(1)
    expect(await faultsOf(channel, { text: 'a', buttons: [[{ text: 'b', url: 'javascript:x' }]] })).toEqual([
      'buttons.0.0.url: must be an http or https address without a user and password',
    ])
  })

  it('options', () => {
    expect(() => telegram({ token: 'a\nb' })).toThrow(/REACH_OPTION_INVALID: telegram: token/)
    expect(() => telegram({ token, chat: 1 } as never)).toThrow(/there is no option 'chat'/)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
