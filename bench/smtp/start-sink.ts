import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A mail server in a process of its own, that ends with this one. */
export async function startSink(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const script = fileURLToPath(new URL('sink.mjs', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [output] = await once(child.stdout, 'data')
  return { port: Number(output), stop: () => child.stdin.end() }
}
