import { afterEach, describe, expect, it, vi } from 'vitest'
import { isReachError } from '../spec/index.js'
import { memoryLimit, parseLimit } from './liquid-engine.js'
import { compileLiquid } from './liquid-template.js'

const recipient = { id: 'u1', addresses: {}, zone: 'Asia/Shanghai' }
const place = { message: 'order.paid', field: 'content.email.body', html: false }

async function render(source: string, data: Record<string, unknown> = {}, html = false): Promise<unknown> {
  return (await compileLiquid(source, { ...place, html })).render({ data, recipient })
}

async function problem(source: string): Promise<unknown> {
  return compileLiquid(source, place).catch((error: unknown) => error)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a Liquid template', () => {
  it('has tags, filters, indexes and literals', async () => {
    const source =
      "{% for i in items %}{{ i.name | upcase }}{{ ', ' }}{% endfor %}{{ items[0].name }} for {{ recipient.id }}"
    expect(await render(source, { items: [{ name: 'tea' }, { name: 'cup' }] })).toBe('TEA, CUP, tea for u1')
  })

  it('escapes values in HTML unless the template says raw', async () => {
    expect(await render('{{ a | strip }} {{ a | strip | raw }}', { a: ' <b> ' }, true)).toBe('&lt;b&gt; <b>')
  })

  it('lists the names that it needs from outside', async () => {
    const source = '{% assign t = total %}{% for i in items %}{{ i.name }}{{ t }}{{ names[sku] }}{% endfor %}'
    expect([...(await compileLiquid(source, place)).variables].toSorted()).toEqual(['items', 'names', 'sku', 'total'])
  })

  it.each([
    ['Hi {% if a %}', 'tag {% if a %} not closed'],
    ['Hi {{ a | nope }}', 'undefined filter: nope'],
    ['Hi {{ a', 'not closed'],
    ['Hi {% nope %}', 'tag "nope" not found'],
  ])('refuses %j with its place', async (source, text) => {
    const error = await problem(source)
    expect(isReachError(error, 'REACH_TEMPLATE_INVALID')).toBe(true)
    expect(String(error)).toContain('order.paid: content.email.body: ')
    expect(String(error)).toContain(text)
    expect(String(error)).toMatch(/line:1, col:4$/)
  })

  it.each(['include', 'render', 'layout', 'block'])('has no tag %s: no template reads a file', async (tag) => {
    expect(String(await problem(`{% ${tag} "package.json" %}`))).toContain(`tag "${tag}" not found`)
  })

  it('names what is missing as the template spells it, never by a value', async () => {
    const missing = (name: string): unknown => ({
      code: 'template-value-missing',
      detail: `content.email.body uses {{ ${name} }}, which has no value`,
    })
    expect(await render('{{ a.b | upcase }}', { a: {} })).toEqual(missing('a.b'))
    expect(await render('{{ prices[sku] }}', { prices: {}, sku: 'secret' })).toEqual(missing('prices[sku]'))
    expect(await render('{{ "x" | append: b }}')).toEqual(missing('b'))
    expect(await render('{{ size | plus: 1 }}')).toEqual(missing('size'))
    expect(await render('{{ a.constructor | upcase }}', { a: {} })).toEqual(missing('a.constructor'))
  })

  it('may ask for a value that is not there', async () => {
    expect(await render('{% if a %}x{% endif %}{{ a | default: "none" }}')).toBe('none')
  })

  it('tells where it failed, and no value', async () => {
    const answer = await render('Hi\n {{ a | date: "%Y", zone }}{{ a.b | json }}', { a: { b: 1n }, zone: 'UTC' })
    expect(answer).toEqual({ code: 'content-failed', detail: 'content.email.body fails in line 2, column 28' })
  })

  it('stops a template that runs away, and does not change the data', async () => {
    const data = { items: Array.from({ length: 1000 }, (_, index) => index) }
    const loop = (inner: string): string => `{% for i in items %}${inner}{% endfor %}`
    expect(await render(loop(loop(loop('{% increment n %}'))), data)).toEqual({
      code: 'content-failed',
      detail: 'content.email.body took too long to render',
    })
    expect(Object.keys(data)).toEqual(['items'])
  })

  it('gets a second try, as a pause of the process is not its fault', async () => {
    let time = 0
    vi.spyOn(performance, 'now').mockImplementation(() => time)
    const pause = vi.fn<() => void>(() => {
      time = 1000
    })
    const order = {
      get id(): string {
        pause()
        return 'a1'
      },
    }
    expect(await render('{{ order.id | upcase }}!', { order })).toBe('A1!')
    expect(pause).toHaveBeenCalledTimes(2)
  })

  it('stops a template that makes too much', async () => {
    const detail = 'content.email.body makes too much text in line 1, column 1'
    expect(await render(`{% for i in (1..${memoryLimit + 1}) %}{% endfor %}`)).toEqual({
      code: 'content-failed',
      detail,
    })
  })

  it('refuses a template that is too long', async () => {
    const source = `{{ 'a' }}${'x'.repeat(parseLimit)}`
    expect(String(await problem(source))).toContain('parse length limit exceeded')
  })

  it('has no chance in it', async () => {
    expect(String(await problem('{{ a | sample }}'))).toContain('undefined filter: sample')
  })

  it('prints dates in UTC, or in a zone that the template names', async () => {
    const source = '{{ at | date: "%B %H:%M" }} {{ at | date: "%H:%M", recipient.zone }}'
    expect(await render(source, { at: '2026-06-01T20:30:00Z' })).toBe('June 20:30 04:30')
  })
})
