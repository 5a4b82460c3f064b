import type { RefusedLine } from '../campaign/run-campaign.js'
import type { Expected } from '../data/make-recipients.js'
import { differences } from './lists.js'

type Kind = Exclude<keyof Expected, 'recipients'>

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['duplicate', 'repeated'],
  ['address-invalid', 'malformed'],
  ['address-invalid (smtp 550 5.1.1)', 'closed'],
])

/** Every line that is no recipient was refused, for its own reason, and no other line was. */
export function checkRefused(refused: readonly RefusedLine[], expected: Expected): string[] {
  const found = refused.map(({ line, reason }) => `${kinds.get(reason) ?? 'unreadable'} ${line}`)
  const wanted = (['unreadable', 'malformed', 'closed', 'repeated'] as const).flatMap((kind) =>
    expected[kind].map((line) => `${kind} ${line}`),
  )
  return differences('refused lines', found, wanted)
}
