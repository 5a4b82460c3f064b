import { describe, expect, it } from 'vitest'
import type { ContentSource } from '../message/definition.js'
import { isReachError } from '../spec/index.js'
import { compileContent, templateVariables } from './index.js'
import type { CompiledContent } from './index.js'

const where = { message: 'order.paid', channel: 'email' }
const recipient = { id: 'u1', addresses: {} }

async function compile(source: ContentSource, html: readonly string[] = []): Promise<CompiledContent> {
  return compileContent(source, { where, html })
}

async function render(
  source: ContentSource,
  data: Record<string, unknown>,
  html?: readonly string[],
): Promise<unknown> {
  return (await compile(source, html)).render({ data, recipient })
}

async function problem(source: ContentSource): Promise<unknown> {
  return compile(source).catch((error: unknown) => error)
}

describe('content as an object', () => {
  it('is filled in at any depth; what holds no template stays as it is', async () => {
    const source = {
      title: 'Order {{ id }}',
      n: 1,
      ok: true,
      vendors: { a: { params: ['{{ id }}', 'x', { y: '{{ z }}' }] } },
    }
    expect(await render(source, { id: 'A1', z: 2 })).toEqual({
      kind: 'rendered',
      content: { title: 'Order A1', n: 1, ok: true, vendors: { a: { params: ['A1', 'x', { y: '2' }] } } },
    })
  })

  it('mixes plain templates and Liquid', async () => {
    const source = { a: '{{ x }}', b: '{{ x | upcase }}' }
    expect(await render(source, { x: 'y' })).toEqual({ kind: 'rendered', content: { a: 'y', b: 'Y' } })
  })

  it('without a template is one frozen object for all messages, and not the one that was given', async () => {
    const source = { text: 'hello', nested: { list: [1, 2] } }
    const content = await compile(source)
    const first = content.render({ data: {}, recipient })
    const second = content.render({ data: { a: 1 }, recipient })
    expect(first).toEqual({ kind: 'rendered', content: source })
    if (first.kind === 'failed' || second.kind === 'failed') throw new Error('unreachable')
    expect(first.content).toBe(second.content)
    expect(Object.isFrozen(first.content)).toBe(true)
    expect(Object.isFrozen(source) || Object.isFrozen(source.nested.list)).toBe(false)
  })

  it('gives each message its own copy of what was filled in, and shares the rest', async () => {
    const content = await compile({ a: { text: '{{ x }}' }, rest: { deep: [1] } })
    const [first, second] = ['1', '2'].map((x) => content.render({ data: { x }, recipient }))
    expect(first).toEqual({ kind: 'rendered', content: { a: { text: '1' }, rest: { deep: [1] } } })
    expect(second).toEqual({ kind: 'rendered', content: { a: { text: '2' }, rest: { deep: [1] } } })
  })

  it('takes a key `__proto__` for a key like any other', async () => {
    const source = JSON.parse('{"__proto__": {"text": "{{ x }}"}, "text": "{{ x }}"}') as object
    const answer = await render(source, { x: 'y' })
    expect(JSON.stringify(answer)).toBe('{"kind":"rendered","content":{"__proto__":{"text":"y"},"text":"y"}}')
  })

  it('takes over what is neither object nor array', async () => {
    const file = Buffer.from('x')
    const answer = await render({ attachments: [{ name: '{{ x }}', file }] }, { x: 'y' })
    expect(answer).toEqual({ kind: 'rendered', content: { attachments: [{ name: 'y', file }] } })
  })

  it('escapes values in the fields that are HTML, and in all that is nested in them', async () => {
    const source = { subject: '{{ x }}', html: '<b>{{ x }}</b>', parts: { a: ['{{ x | strip }}'] } }
    expect(await render(source, { x: '<&' }, ['html', 'parts'])).toEqual({
      kind: 'rendered',
      content: { subject: '<&', html: '<b>&lt;&amp;</b>', parts: { a: ['&lt;&amp;'] } },
    })
  })

  it('answers the reason where a value is missing', async () => {
    expect(await render({ vendors: { a: { params: ['x', '{{ y }}'] } } }, { x: 1 })).toEqual({
      kind: 'failed',
      reason: {
        code: 'template-value-missing',
        detail: 'content.email.vendors.a.params.1 uses {{ y }}, which has no value',
      },
    })
  })

  it('is refused with the message type, field, line and column where a template is wrong', async () => {
    const error = await problem({ subject: 'fine {{ a }}', parts: [{ text: 'Hi\n  {{ a | nope }}' }] })
    expect(isReachError(error, 'REACH_TEMPLATE_INVALID')).toBe(true)
    expect(String(error)).toContain('order.paid: content.email.parts.0.text: ')
    expect(String(error)).toContain('line:2, col:3')
  })

  it('is refused where it is no plain object, or contains itself', async () => {
    const ring: Record<string, unknown> = {}
    ring['inner'] = [ring]
    for (const source of [ring, new Date()]) {
      const error = await problem(source)
      expect(isReachError(error, 'REACH_MESSAGE_INVALID')).toBe(true)
      expect(String(error)).toContain('order.paid: content.email must be')
    }
  })

  it('tells the names that it uses, once each', async () => {
    const source = { a: '{{ order.id }} {{ name }}', b: ['{{ name | upcase }}', '{{ recipient.id }}'] }
    expect(await templateVariables(source, where)).toEqual(['name', 'order', 'recipient'])
  })
})

describe('content as a function', () => {
  it('is what it answers, as it is', async () => {
    const source = (data: { id: string }): object => ({ text: `<${data.id}> {{ id }}` })
    expect(await render(source, { id: 'A1' }, ['text'])).toEqual({
      kind: 'rendered',
      content: { text: '<A1> {{ id }}' },
    })
  })

  it('that throws fails, without what it said', async () => {
    const source = (data: { phone: string }): object => {
      throw new RangeError(data.phone)
    }
    const reason = { code: 'content-failed', detail: 'content.email threw RangeError' }
    expect(await render(source, { phone: '+4912345' })).toEqual({ kind: 'failed', reason })
  })

  it('that answers a promise fails, and a rejection ends nothing', async () => {
    const source = async (): Promise<object> => {
      throw new Error('late')
    }
    expect(await render(source, {})).toMatchObject({ kind: 'failed', reason: { code: 'content-failed' } })
  })
})
