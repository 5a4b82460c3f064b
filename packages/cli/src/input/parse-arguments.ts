import { parseArgs } from 'node:util'
import type { Options } from './option.js'
import { UsageError } from './usage-error.js'

/** What every command takes. */
export const commonOptions: Options = {
  config: {
    type: 'string',
    value: '<file>',
    help: 'the config, instead of the nearest reachkit.config.{ts,js,mjs,cjs}',
  },
  json: { type: 'boolean', help: 'answer in JSON' },
  'no-color': { type: 'boolean', help: 'plain text' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
}

/** What a command was given, by the names of its options. */
export class Input {
  readonly #command: string
  readonly #values: Readonly<Record<string, unknown>>
  readonly #positionals: readonly string[]

  constructor(command: string, values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#command = command
    this.#values = values
    this.#positionals = positionals
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  }

  flag(name: string): boolean | undefined {
    const value = this.#values[name]
    return typeof value === 'boolean' ? value : undefined
  }

  whole(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (/^\d{1,15}$/.test(text)) return Number(text)
    throw new UsageError(`${this.#command}: --${name} must be a whole number`)
  }

  date(name: string): Date | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const date = new Date(text)
    if (!Number.isNaN(date.getTime())) return date
    throw new UsageError(`${this.#command}: --${name} must be an instant such as 2030-01-01T09:00:00Z`)
  }

  get positional(): string | undefined {
    return this.#positionals[0]
  }

  /** @throws UsageError where none was given. */
  required(what: string): string {
    if (this.positional !== undefined) return this.positional
    throw new UsageError(`${this.#command}: ${what} is missing. See reachkit task ${this.#command} --help.`)
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }
}

/** @throws UsageError for an option that the command does not have, or a second argument without a name. */
export function parseArguments(name: string, options: Options, args: readonly string[]): Input {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...commonOptions, ...options },
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new UsageError(`'${positionals[1]}' is one argument too many.`)
    return new Input(name, values, positionals)
  } catch (error) {
    const [what = ''] = error instanceof Error ? error.message.split('. ') : []
    throw new UsageError(`${name}: ${what.replace(/\.$/, '')}. See reachkit task ${name} --help.`)
  }
}
