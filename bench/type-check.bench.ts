// How long the compiler takes for a large app, from nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withinLimit } from './harness.js'
import { runNode } from './harness/child-process.js'
import { writeProject } from './type-check/project.js'

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const modules = fileURLToPath(new URL('node_modules', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'reachkit-type-check-'))

try {
  writeProject(directory, modules, { types: 200, calls: 1_000 })
  await withinLimit({
    name: 'type-check/limit',
    unit: 's',
    limit: 5,
    rounds: 5,
    measure() {
      const { cpuMs, wallMs } = runNode([compiler, '-p', directory])
      // On an idle machine it takes no longer than either: CPU time counts all threads, wall time what disturbs them.
      return { value: Math.min(cpuMs, wallMs) / 1_000, wall: wallMs / 1_000 }
    },
  })
} finally {
  rmSync(directory, { recursive: true })
}
