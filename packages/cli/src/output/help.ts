import type { Command } from '../commands/command.js'
import type { Options } from '../input/option.js'
import { commonOptions } from '../input/parse-arguments.js'

export function mainHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, takes, summary }) => [`  reachkit task ${name} ${takes}`, summary] as const)
  return `Plans that reach many, from a terminal.\n\n${table(rows)}\n\nreachkit task <command> --help tells its options.`
}

export function helpOf({ name, takes, summary, options }: Command): string {
  const head = `reachkit task ${name} ${takes} [options]\n\n${summary}`
  return `${head}\n\n${optionRows(options)}${optionRows(commonOptions)}`.trimEnd()
}

function optionRows(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, multiple, help }]) => {
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`
    const words = value === undefined ? names : `${names} ${value}`
    return [`  ${words}${multiple === true ? ' …' : ''}`, help] as const
  })
  return rows.length === 0 ? '' : `${table(rows)}\n`
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `${left.padEnd(width)}${right}`).join('\n')
}
