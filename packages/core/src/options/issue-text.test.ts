import { expect, test } from 'vitest'
import { z } from 'zod'
import { issueText, pathText } from './index.js'

function textsOf(schema: z.ZodType, given: unknown): string {
  return (schema.safeParse(given).error?.issues ?? []).map((issue) => issueText(issue, given)).join('; ')
}

test('tells where and what, in the words of the schema', () => {
  const schema = z.strictObject({ lines: z.array(z.object({ price: z.number().max(9) })) })
  expect(textsOf(schema, { lines: [{ price: 'x1' }] })).toMatch(/^lines\.0\.price: .*expected number/)
  expect(textsOf(schema, { lines: [], colour: 1 })).toBe('data: Unrecognized key: "colour"')
})

test('names no unknown field that may be an address', () => {
  const schema = z.strictObject({ id: z.string() })
  const given = { id: 'a', 'ann@example.com': 1, '13800000000': 2, 'Ann "A" Lee': 3, note: 4 }
  const text = textsOf(schema, given)
  expect(text).toContain('an unknown field')
  expect(text).toContain('"note"')
  expect(text).not.toMatch(/ann|Lee|138/i)
})

test('names no key of a record on the way', () => {
  const schema = z.record(z.string(), z.object({ ok: z.boolean() }))
  expect(textsOf(schema, { 'ann@example.com': { ok: 1 } })).toMatch(/^…\.ok: /)
  expect(pathText(['to', { key: '+8613800000000' }, 0])).toBe('to.….0')
})

test('repeats no value, and no address from anywhere else', () => {
  const rule = z.object({ to: z.string() }).refine(() => false, 'bob@example.com or +8613800000000 is not allowed')
  expect(textsOf(rule, { to: 'x' })).toBe('data: … or … is not allowed')
  const own = z.string().refine(() => false, { error: ({ input }) => `${String(input)} is no order` })
  expect(textsOf(z.object({ id: own }), { id: 'A1' })).toBe('id: … is no order')
})
