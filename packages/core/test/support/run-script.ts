import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

export interface ScriptRun {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs a script of `test/scripts` in a process of its own, against the sources, until it exits by itself. */
export async function runScript(
  name: string,
  given: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<ScriptRun> {
  const file = fileURLToPath(new URL(`../scripts/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [...nodeOptions, '--import', 'tsx', file, ...given], { cwd: root })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, lines: output.trimEnd().split('\n'), errors }
}
