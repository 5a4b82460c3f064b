import { IncomingWebhook } from '@slack/webhook'
import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { slack } from '../src/index.js'
import { attempt, faultsOf, kindOf, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const text = 'Order A1 is paid 🎉 ü'
const hook = '/services/T00000000/B00000000/open-sesame-77'
const success = { text: 'ok' }
const at = (url: string) => slack({ robots: { ops: { url: `${url}${hook}` } } })

describe('slack', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: success,
        refuse: { status: 400, text: 'invalid_payload' },
        'refuse-address': { status: 404, text: 'no_service' },
        'refuse-inside': { text: 'invalid_token' },
        throttle: { status: 429, headers: { 'retry-after': '2' }, text: 'rate_limited' },
      },
      channel: ({ url }) => at(url),
      to: 'ops',
      content: { text },
      secrets: [text, hook, 'open-sesame-77'],
    }),
  )
})

describe('slack: what is sent', () => {
  it("is what Slack's own client sends", async () => {
    const [theirs, ours] = [await vendorThat(success), await vendorThat(success)]
    const mrkdwn = `*${text}* <https://shop.example/A1|open>`
    const section = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: mrkdwn } }
    await new IncomingWebhook(`${theirs.url}${hook}`).send({
      text: mrkdwn,
      blocks: [section],
      unfurl_links: false,
      unfurl_media: false,
    })
    await attempt(at(ours.url), { to: 'ops', content: { mrkdwn, blocks: [section], preview: false } })
    const seen = ({ requests }: typeof ours) =>
      requests.map(({ method, url, json, headers }) => ({ method, url, json, type: headers['content-type'] }))
    expect(seen(ours)).toEqual(seen(theirs))
    expect(ours.requests).toMatchObject([{ method: 'POST', url: hook }])
  })

  it('is literal where it is text', async () => {
    const vendor = await vendorThat(success)
    await attempt(at(vendor.url), { to: 'ops', content: { text: `<!channel> & *${text}*` } })
    expect(vendor.requests[0]?.json).toEqual({ text: `&lt;!channel&gt; &amp; *${text}*`, mrkdwn: false })
  })

  it('has values escaped where they are markup, and as they were elsewhere', async () => {
    const vendor = await vendorThat(success)
    // As values leave a template: `<!channel> "A" & 'B'`.
    const escaped = '&lt;!channel&gt; &#34;A&#34; &amp; &#39;B&#39;'
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: escaped, emoji: true } },
      { type: 'section', fields: [{ type: 'mrkdwn', text: escaped }] },
      { type: 'actions', elements: [{ type: 'button', url: 'https://a.example/?a=1&amp;b=&#34;', value: escaped }] },
    ]
    await attempt(at(vendor.url), { to: 'ops', content: { mrkdwn: escaped, blocks } })
    const literal = `<!channel> "A" & 'B'`
    const markup = `&lt;!channel&gt; "A" &amp; 'B'`
    expect(vendor.requests[0]?.json).toEqual({
      text: markup,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: literal, emoji: true } },
        { type: 'section', fields: [{ type: 'mrkdwn', text: markup }] },
        { type: 'actions', elements: [{ type: 'button', url: 'https://a.example/?a=1&b="', value: literal }] },
      ],
    })
  })
})

describe('slack: what answers mean', () => {
  it.each([
    [400, 'invalid_payload', 'rejected'],
    [400, 'invalid_blocks', 'rejected'],
    [400, 'invalid_blocks_format', 'rejected'],
    [400, 'missing_text_or_fallback_or_attachments', 'rejected'],
    [400, 'no_text', 'rejected'],
    [400, 'msg_too_long', 'rejected'],
    [400, 'too_many_attachments', 'rejected'],
    [400, 'user_not_found', 'dead'],
    [403, 'action_prohibited', 'fault'],
    [403, 'posting_to_general_channel_denied', 'fault'],
    [403, 'invalid_token', 'fault'],
    [403, 'team_disabled', 'fault'],
    [404, 'channel_not_found', 'dead'],
    [404, 'no_service', 'dead'],
    [404, 'no_service_id', 'dead'],
    [404, 'no_active_hooks', 'dead'],
    [404, 'no_team', 'dead'],
    [410, 'channel_is_archived', 'dead'],
    [429, 'rate_limited', 'retry'],
    [429, 'ratelimited', 'retry'],
    [500, 'rollup_error', 'unknown'],
    [400, 'something_new', 'rejected'],
    [200, 'something_new', 'unknown'],
    [502, '<html>', 'unknown'],
  ])('%i %s: %s', async (status, word, kind) => {
    const vendor = await vendorThat({ status, text: word })
    expect(kindOf(await attempt(at(vendor.url), { to: 'ops', content: { text } }))).toBe(kind)
  })

  it('waits as long as Slack asks', async () => {
    const vendor = await vendorThat({ status: 429, headers: { 'retry-after': '30' }, text: 'rate_limited' })
    const { outcome } = await attempt(at(vendor.url), { to: 'ops', content: { text } })
    expect(outcome).toEqual({ kind: 'retry', afterMs: 30_000, reason: 'slack rate_limited' })
  })
})

it('slack: content that is refused before', async () => {
  const channel = at('https://hooks.slack.example')
  expect(await faultsOf(channel, { text: '😀'.repeat(40_000) })).toEqual([])
  expect(await faultsOf(channel, { text: '😀'.repeat(40_001) })).toHaveLength(1)
  expect(await faultsOf(channel, { blocks: [{}] })).toHaveLength(1)
  expect(await faultsOf(channel, { text, blocks: Array.from({ length: 51 }, () => ({})) })).toHaveLength(1)
})
