import fc from 'fast-check'
import { Liquid } from 'liquidjs'
import { describe, expect, it } from 'vitest'
import { compilePlain } from './plain-template.js'
import type { RenderScope } from './render-scope.js'

const options = { strictVariables: true, ownPropertyOnly: true, globals: { size: undefined } }
const oracles = { text: new Liquid(options), html: new Liquid({ ...options, outputEscape: 'escape' }) }
const recipient = { id: 'u1', addresses: {}, locale: undefined, attributes: { name: '<Ann>', vip: true } }

function plain(source: string, data: Record<string, unknown>, html = false): unknown {
  return compilePlain(source, { message: 'm', field: 'content.email.subject', html })?.render({ data, recipient })
}

/** What Liquid makes of it, or undefined where it refuses. */
function liquid(source: string, { data }: RenderScope, html: boolean): string | undefined {
  try {
    return String(oracles[html ? 'html' : 'text'].parseAndRenderSync(source, { ...data, recipient }))
  } catch {
    return undefined
  }
}

const common = fc.constantFrom('a', 'b', '金额', 'recipient', '0')
const odd = fc.constantFrom('size', 'first', 'length', 'constructor', '__proto__', 'toString', 'id', 'locale')
const literal = fc.constantFrom('nil', 'not', 'true')
const name = fc.oneof(
  { arbitrary: common, weight: 6 },
  { arbitrary: odd, weight: 2 },
  { arbitrary: literal, weight: 1 },
)
const blank = fc.constantFrom('', ' ', '\n', '\t ')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((keys) => keys.join('.'))
const output = fc.tuple(blank, path, blank).map(([before, text, after]) => `{{${before}${text}${after}}}`)
const text = fc.string({ unit: fc.constantFrom('x', ' ', '{', '}', '%', '"', "'", '<', '&', '\n', '-', '額') })
const template = fc.array(fc.oneof(output, text), { maxLength: 6 }).map((parts) => parts.join(''))
const noise = fc.string({
  unit: fc.constantFrom('{{', '}}', '{%', '%}', 'a', 'b', '.', ' ', '-', '|', '"', '[', ']', '1'),
  maxLength: 14,
})

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -0, 1.5, 1e21, '', 'A1', '<b title="x">&\'', '{{ a }}'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    // As data arrives, so that `__proto__` is a key like any other.
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries): unknown => Object.fromEntries(entries)),
  ),
}))
const data = fc.array(fc.tuple(name, value), { maxLength: 10 }).map((entries) => Object.fromEntries(entries))

describe('a plain template', () => {
  it('renders what Liquid renders, and fails where Liquid fails', () => {
    const seen = { plain: 0, failed: 0 }
    const same = fc.property(fc.oneof(template, noise), data, fc.boolean(), (source, given, html) => {
      const answer = plain(source, given, html)
      if (answer === undefined) return
      seen.plain++
      if (typeof answer !== 'string') seen.failed++
      const expected = liquid(source, { data: given, recipient }, html)
      expect(typeof answer === 'string' ? answer : undefined).toBe(expected)
    })
    fc.assert(same, { numRuns: 3000 })
    expect(seen.plain).toBeGreaterThan(500)
    expect(seen.failed).toBeGreaterThan(100)
  })

  it.each([
    ['{{ a }}', { a: null }, ''],
    ['{{ a.b.c }}', { a: null }, ''],
    ['{{ a.b.c }}', { a: { b: null } }, ''],
    ['{{ a }}{{ b }}', { a: 1.5, b: false }, '1.5false'],
    ['{{ a }}', { a: [1, null, ['x', true]] }, '1xtrue'],
    ['{{ a.1.x }}', { a: [0, { x: 'y' }] }, 'y'],
    ['{{ a.length }}', { a: 'four' }, '4'],
    ['{{ a }}', { a: {} }, '[object Object]'],
    ['{{ toString }}', {}, undefined],
    ['{{ a.b }}', { a: 0 }, undefined],
    ['{{ a.b }}', { a: 'x' }, undefined],
  ])('and so does Liquid: %s of %o', (source, given, expected) => {
    const answer = plain(source, given)
    expect(typeof answer === 'string' ? answer : undefined).toBe(expected)
    expect(liquid(source, { data: given, recipient }, false)).toBe(expected)
  })

  it('leaves to Liquid what is more than text and paths', () => {
    const others = [
      '{% if a %}{% endif %}',
      '{{ a | upcase }}',
      "{{ 'a' }}",
      '{{ 1 }}',
      '{{ a[0] }}',
      '{{- a }}',
      '{{ a -}}',
    ]
    for (const source of [
      ...others,
      '{{ a',
      '{{{ a }}}',
      '{{ }}',
      '{{ nil }}',
      '{{ a.size }}',
      '{{ a b }}',
      '{{ a. }}',
    ]) {
      expect([source, plain(source, { a: 'x' })]).toEqual([source, undefined])
    }
  })

  it('takes one pass: what stands in a value is not a template', () => {
    expect(plain('{{ a }}', { a: '{{ b }}', b: 'secret' })).toBe('{{ b }}')
  })

  it('escapes values in HTML, and nothing else', () => {
    expect(plain('<p>{{ a }}</p>', { a: `<b>"it's" & co</b>` }, true)).toBe(
      '<p>&lt;b&gt;&#34;it&#39;s&#34; &amp; co&lt;/b&gt;</p>',
    )
    expect(plain('<p>{{ a }}</p>', { a: '<b>' })).toBe('<p><b></p>')
  })

  it('names what is missing as the template spells it', () => {
    const reason = {
      code: 'template-value-missing',
      detail: 'content.email.subject uses {{ order.id }}, which has no value',
    }
    expect(plain('Order {{ order.id }}', { order: { total: 'secret' } })).toEqual(reason)
    expect(plain('Order {{ order.id }}', {})).toEqual(reason)
    expect(plain('{{ constructor }}', {})).toMatchObject({ code: 'template-value-missing' })
    expect(plain('{{ size }}', { a: 1 })).toMatchObject({ code: 'template-value-missing' })
  })

  it('reads the recipient, also where the data has a field of that name', () => {
    expect(plain('{{ recipient.id }}{{ recipient.attributes.vip }}', { recipient: { id: 'other' } })).toBe('u1true')
  })

  it('answers a reason for a value that has no text', () => {
    expect(plain('{{ a }}', { a: { toString: 1 } })).toMatchObject({ code: 'content-failed' })
  })
})
