import { setTimeout as wait } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

/** What ends by itself, at once: no handle that somebody forgot to close. */
const passing = /^(?:Immediate|FSReq|GetAddrInfo|CloseReq)/

/** Node lists no workers among its resources: those made from now on. */
const workers = new Set<Worker>()
process.on('worker', (worker: Worker) => {
  workers.add(worker)
  worker.once('exit', () => workers.delete(worker))
})

/** The kinds of all that keeps this process alive: timers, sockets, servers, workers, pipes. */
export function openHandles(): readonly string[] {
  const listed = process.getActiveResourcesInfo().filter((kind) => !passing.test(kind))
  return [...listed, ...Array.from(workers, () => 'Worker')]
}

/** What is open beyond `before` and is not closed within the patience: a socket may take a few turns to. */
export async function handlesLeft(before: readonly string[], patienceMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs
  let left = beyond(before)
  while (left.length > 0 && performance.now() < deadline) {
    await wait(5)
    left = beyond(before)
  }
  return left
}

function beyond(before: readonly string[]): readonly string[] {
  const known = [...before]
  return openHandles().filter((kind) => {
    const at = known.indexOf(kind)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}
