import { commands } from './commands/index.js'
import { parseArguments } from './input/parse-arguments.js'
import type { Io } from './output/io.js'
import { failureText } from './output/failure-text.js'
import { UsageError } from './input/usage-error.js'
import { exitCodes } from './output/exit-codes.js'
import { Printer } from './output/printer.js'
import { helpOf, mainHelp } from './output/help.js'
import { version } from './output/version.js'
import { withApp } from './app/with-app.js'

/** Runs one command, and answers the exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await runCommand(args, io)
  } catch (error) {
    io.err.write(`${failureText(error, args.includes('--json'))}\n`)
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed
  }
}

async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [group, name = '', ...rest] = args
  if (group === '--version') return print(io, version())
  if (group === undefined || isHelp(group)) return print(io, mainHelp(commands))
  if (group !== 'task')
    throw new UsageError(`There is no 'reachkit ${group}'; there is 'reachkit task'. See reachkit --help.`)
  if (isHelp(name)) return print(io, mainHelp(commands))
  const command = commands.find((one) => one.name === name)
  if (command === undefined) {
    const known = commands.map((one) => one.name).join(', ')
    throw new UsageError(`After 'reachkit task' comes one of ${known}. See reachkit --help.`)
  }
  if (rest.includes('--help') || rest.includes('-h')) return print(io, helpOf(command))
  const input = parseArguments(command.name, command.options, rest)
  const printer = new Printer(io, input)
  return withApp(input, io, command.sends?.(input) ?? false, (reach) => command.run({ reach, input, printer, io }))
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || word === '-h'
}

function print(io: Io, text: string): number {
  io.out.write(`${text}\n`)
  return exitCodes.done
}
