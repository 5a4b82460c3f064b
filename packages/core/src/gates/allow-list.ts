import { pass } from '../spec/index.js'
import type { Gate, GateItem, Verdict } from '../spec/index.js'

const refused: Verdict = { kind: 'reject', reason: { code: 'not-allowed' } }

/**
 * Lets only test recipients through: an entry is a recipient's id, an address, or an address with `*` for any text
 * (`*@example.com`). For staging, where real people must never be reached.
 */
export function allowList(entries: readonly string[]): Gate {
  const exact = new Set(entries.filter((entry) => !entry.includes('*')))
  const patterns = entries.filter((entry) => entry.includes('*')).map(patternOf)
  const allows = (text: string): boolean => exact.has(text) || patterns.some((pattern) => pattern.test(text))
  return {
    specVersion: 1,
    name: 'allow-list',
    phase: 'delivery',
    check: (items) => items.map((item) => (namesOf(item).some(allows) ? pass : refused)),
  }
}

function namesOf({ recipient, address }: GateItem): readonly string[] {
  return typeof address === 'string' ? [recipient.id, address] : [recipient.id]
}

function patternOf(entry: string): RegExp {
  const escaped = entry.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('.*')}$`, 'u')
}
