import { parseArgs } from 'node:util'

/** What the command line says: `npm run bench -- <name> [--json] [--check] [--profile] [--rounds 9] [--messages 50000] [--store redis] [--waiting 1000000] [--driver sns-thin] [--size 1000000]`. */
export interface Settings {
  /** One line of JSON a measure instead of a table. */
  readonly json: boolean
  /** Exit code 1 where a bar is missed. */
  readonly check: boolean
  /** Where the time goes instead of how fast it is, in a bench that can tell. */
  readonly profile: boolean
  /** Instead of what each measure says; at least 1. */
  readonly rounds: number | undefined
  /** Messages, or whatever else is counted, a round. */
  readonly messages: number | undefined
  /** The one store to measure, in a bench of several. */
  readonly store: string | undefined
  /** Messages that wait while a bench of a backlog measures. */
  readonly waiting: number | undefined
  /** Recipients of a task. */
  readonly size: number | undefined
  /** The one driver to measure, in the bench of drivers. */
  readonly driver: string | undefined
}

export const settings: Settings = readSettings()

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      messages: { type: 'string' },
      store: { type: 'string' },
      waiting: { type: 'string' },
      driver: { type: 'string' },
      size: { type: 'string' },
    },
  })
  return {
    json: values.json,
    check: values.check,
    profile: values.profile,
    rounds: countOf('--rounds', values.rounds),
    messages: countOf('--messages', values.messages),
    store: values.store,
    waiting: countOf('--waiting', values.waiting),
    driver: values.driver,
    size: countOf('--size', values.size),
  }
}

function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${option} takes a whole number of at least 1, not '${text}'.`)
}
