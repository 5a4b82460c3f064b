import { createReach, message } from '@reachkit/core'
import { expect, it, onTestFinished } from 'vitest'
import { slack, telegram } from '../src/index.js'
import { vendorThat } from './support/attempt.js'

interface Data {
  readonly name: string
}

interface DataSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Data; readonly output: Data }
    validate(value: unknown): { readonly value: Data }
  }
}

const data: DataSchema = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Data }) },
}

const wicked: Data = { name: `<!channel> <a href="https://evil.example">'&amp;` }

it('values of templates are no markup of Telegram', async () => {
  const vendor = await vendorThat({ json: { ok: true, result: { message_id: 1 } } })
  const hello = message('hello', {
    content: { telegram: { html: '<b>{{ name }}</b>', buttons: [[{ text: '{{ name }}', url: 'https://a.example' }]] } },
    data,
  })
  const reach = createReach({
    messages: [hello],
    channels: { telegram: telegram({ token: '1:a', endpoint: vendor.url }) },
  })
  onTestFinished(async () => reach.stop())
  const accepted = await reach.notify('hello', { telegram: 4711 }, wicked)
  expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
  expect(vendor.requests[0]?.json).toEqual({
    chat_id: '4711',
    parse_mode: 'HTML',
    text: '<b>&lt;!channel&gt; &lt;a href=&#34;https://evil.example&#34;&gt;&#39;&amp;amp;</b>',
    reply_markup: { inline_keyboard: [[{ text: wicked.name, url: 'https://a.example' }]] },
  })
})

it('values of templates are no markup of Slack, and stand as they are where there is none', async () => {
  const vendor = await vendorThat({ text: 'ok' })
  const plain = { type: 'header', text: { type: 'plain_text', text: '{{ name }}' } }
  const hello = message('hello', {
    content: { slack: { mrkdwn: '*{{ name }}* <https://a.example|open>', blocks: [plain] } },
    data,
  })
  const reach = createReach({ messages: [hello], channels: { slack: slack({ robots: { ops: { url: vendor.url } } }) } })
  onTestFinished(async () => reach.stop())
  const accepted = await reach.notify('hello', { slack: 'ops' }, wicked)
  expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
  expect(vendor.requests[0]?.json).toEqual({
    text: `*&lt;!channel&gt; &lt;a href="https://evil.example"&gt;'&amp;amp;* <https://a.example|open>`,
    blocks: [{ type: 'header', text: { type: 'plain_text', text: wicked.name } }],
  })
})
