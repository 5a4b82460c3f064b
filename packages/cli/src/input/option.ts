import type { ParseArgsConfig } from 'node:util'

/** An option of a command, as `parseArgs` takes it, with the words of its help. */
type Option = NonNullable<ParseArgsConfig['options']>[string] & {
  readonly help: string
  /** What stands behind it in the help: `<text>`. */
  readonly value?: string
}

export type Options = Readonly<Record<string, Option>>
