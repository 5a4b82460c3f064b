// Chaos: many processes, one of which is always dying. See docs/chaos.md.
import { buildPrograms } from './process/programs.js'
import { parseCommand, usage } from './run/options.js'
import type { ChaosOptions, Command } from './run/options.js'
import { fieldsOf, lineOf } from './run/print.js'
import { runChaos } from './run/run.js'
import type { ChaosResult, RunMeans } from './run/run.js'

const command = commandOf(process.argv.slice(2))
const { what, runs, json, verbose } = command
const spareMs = 150_000
// The last word, should everything else hang: children end with this process.
const lastMs = runs.reduce((sum, { limitMs }) => sum + limitMs + spareMs, 0)
setTimeout(() => fail(new Error('the runs did not end in time')), lastMs).unref()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const { programs, remove } = await buildPrograms()
const say = (text: string): void => {
  if (verbose || (what === 'one' && !json)) console.error(text)
}
process.once('exit', remove)
process.exit((await runAll({ programs, say, verbose })) ? 0 : 1)

/** One after the other. Those of CI end with the first that breaks; the others go on. */
async function runAll(means: RunMeans): Promise<boolean> {
  let holds = true
  for (const options of runs) {
    holds = (await runOne(options, means)) && holds
    if (!holds && what === 'ci') return false
  }
  return holds
}

async function runOne(options: ChaosOptions, means: RunMeans): Promise<boolean> {
  try {
    const result = await runChaos(options, means)
    print(result)
    return result.holds
  } catch (error) {
    if (what === 'one') fail(error)
    console.error(`${options.store}, ${options.pool}, ${options.mode}: the run failed`, error)
    return false
  }
}

function print(result: ChaosResult): void {
  if (json) console.log(JSON.stringify(result))
  else for (const line of what === 'one' ? fieldsOf(result) : [lineOf(result)]) console.log(line)
}

function commandOf(args: readonly string[]): Command {
  try {
    return parseCommand(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}
