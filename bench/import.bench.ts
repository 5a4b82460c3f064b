// How long a fresh process needs for Reachkit, beyond what Node itself takes to start.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { withinLimit } from './harness.js'

const here = fileURLToPath(new URL('.', import.meta.url))
let started = 0

await withinLimit({
  name: 'import/limit',
  unit: 'ms',
  limit: 100,
  rounds: 15,
  measure: () => beyondBare(['--input-type=module', '-e'], "import '@reachkit/core'"),
})
await withinLimit({
  name: 'import/limit-require',
  unit: 'ms',
  limit: 100,
  rounds: 15,
  measure: () => beyondBare(['--input-type=commonjs', '-e'], "require('@reachkit/core')"),
})

/** The time of a program less that of an empty one, which run one after the other in alternating order. */
function beyondBare(options: readonly string[], program: string): number {
  if (started++ % 2 === 0) return msOf([...options, program]) - msOf([...options, ''])
  const bare = msOf([...options, ''])
  return msOf([...options, program]) - bare
}

function msOf(args: readonly string[]): number {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`)
  return performance.now() - start
}
