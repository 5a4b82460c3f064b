import type { Stage } from './stage.js'
import type { Observed, Verdict } from './verdict.js'

const mostOfAKind = 5
const lastLines = 150

/** Says all that is known of messages that broke a promise: what the sink got of them, what the store knows, and the run's last lines. */
export async function explainSuspects(stage: Stage, seen: Observed, { broken }: Verdict): Promise<void> {
  const { production, sink, lookup, journal } = stage
  for (const line of journal.last(lastLines)) console.error(line)
  console.error(`broken: ${broken.join('; ')}`)
  const suspects = suspectsOf(stage.options.mode, seen)
  const requests = await sink.requests(suspects.map(({ recipient }) => recipient))
  const ids = suspects.map(({ recipient }) => production.ids[recipient] ?? 'none')
  const known = await lookup.explain(ids)
  for (const [index, { recipient, why }] of suspects.entries()) {
    console.error(`${why}: recipient ${recipient}, message ${ids[index]}`)
    for (const request of requests[index] ?? []) console.error(`  sink  ${JSON.stringify(request)}`)
    console.error(`  store ${known[index]}`)
  }
}

interface Suspect {
  readonly recipient: number
  readonly why: string
}

const expected = new Set(['sent', 'held'])

/** A few of each kind. */
export function suspectsOf(mode: string, { states, got }: Observed): readonly Suspect[] {
  const kinds = new Map<string, number[]>()
  for (const [recipient, state] of states.entries()) {
    const why = whyOf(mode, state, got[recipient] ?? 0)
    if (why !== undefined) kinds.set(why, [...(kinds.get(why) ?? []), recipient].slice(0, mostOfAKind))
  }
  return [...kinds].flatMap(([why, recipients]) => recipients.map((recipient) => ({ recipient, why })))
}

function whyOf(mode: string, state: string, got: number): string | undefined {
  if (!expected.has(state)) return got === 0 ? `${state}, and got nothing` : state
  if (state === 'sent' && got === 0) return 'sent, and got nothing'
  if (got > 1) return `got ${got}`
  return state === 'held' && mode === 'dedupe' ? 'held' : undefined
}
