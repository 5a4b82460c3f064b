// How long the compiler takes for a large app, from nothing, as the compiler counts it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withinLimit } from './harness.js'
import { writeProject } from './type-check/project.js'

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const modules = fileURLToPath(new URL('node_modules', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'reachkit-type-check-'))

try {
  writeProject(directory, modules, { types: 200, calls: 1_000 })
  await withinLimit({ name: 'type-check/limit', unit: 's', limit: 5, rounds: 5, measure: compile })
} finally {
  rmSync(directory, { recursive: true })
}

/** Seconds of one compilation. */
function compile(): number {
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', directory, '--extendedDiagnostics'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The project does not compile:\n${stdout.slice(0, 2_000)}`)
  return Number(/^Total time:\s+([\d.]+)s$/m.exec(stdout)?.[1])
}
