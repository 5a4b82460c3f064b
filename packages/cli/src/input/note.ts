import type { Options } from './option.js'
import type { Io } from '../output/io.js'
import type { Input } from './parse-arguments.js'

export const noteOptions: Options = {
  by: { type: 'string', value: '<name>', help: 'who asks; the user of this machine unless told' },
  why: { type: 'string', value: '<text>', help: 'the reason, kept with the task' },
}

/** Who, and why: every move of a task keeps it. */
export function noteOf(input: Input, io: Io): { readonly by: string | undefined; readonly why: string | undefined } {
  return { by: byOf(input, io), why: input.text('why') }
}

export function byOf(input: Input, io: Io): string | undefined {
  return input.text('by') ?? io.userName()
}
