// What a fresh process spends on loading Reachkit, beyond what Node itself takes to start.
import { withinLimit } from './harness.js'
import type { Sample } from './harness.js'
import { runNode } from './harness/child-process.js'

const esm = ['--input-type=module', '-e']
const cjs = ['--input-type=commonjs', '-e']

await withinLimit({
  name: 'import/limit',
  unit: 'ms of CPU',
  limit: 100,
  rounds: 15,
  measure: (round) => beyondBare(round, esm, "import '@reachkit/core'"),
})
await withinLimit({
  name: 'import/limit-require',
  unit: 'ms of CPU',
  limit: 100,
  rounds: 15,
  measure: (round) => beyondBare(round, cjs, "require('@reachkit/core')"),
})

/** What a program takes more than an empty one, which runs beside it: before it in every second round. */
function beyondBare(round: number, options: readonly string[], program: string): Sample {
  const programs = round % 2 === 0 ? ['', program] : [program, '']
  const runs = new Map(programs.map((each) => [each, runNode([...options, each])]))
  const [bare, loaded] = [runs.get(''), runs.get(program)]
  if (bare === undefined || loaded === undefined) throw new Error('One of the two did not run.')
  return { value: loaded.cpuMs - bare.cpuMs, wall: loaded.wallMs - bare.wallMs }
}
