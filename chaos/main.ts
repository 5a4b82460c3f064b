// Chaos: many processes, one of which is always dying. See docs/chaos.md.
import { parseOptions, usage } from './run/options.js'
import type { ChaosOptions } from './run/options.js'
import { runChaos } from './run/run.js'
import type { ChaosResult } from './run/run.js'

const options = optionsOf(process.argv.slice(2))
// The last word, should everything else hang: children end with this process.
setTimeout(() => fail(new Error('the run did not end in time')), options.limitMs + 150_000).unref()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  const result = await runChaos(options, (text) => {
    if (!options.json || options.verbose) console.error(text)
  })
  if (options.json) console.log(JSON.stringify(result))
  else print(result)
  process.exit(result.holds ? 0 : 1)
} catch (error) {
  fail(error)
}

function optionsOf(args: readonly string[]): ChaosOptions {
  try {
    return parseOptions(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

function print({ broken, ...result }: ChaosResult): void {
  for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(14)}${String(value)}`)
  for (const text of broken) console.log(`BROKEN        ${text}`)
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}
