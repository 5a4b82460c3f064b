import { Worker } from 'node:worker_threads'
import { ReachError, type StoreContext } from '@reachkit/core/spec'
import { plainText } from '../database/failures.js'
import { closeGate, createGateMemory } from './exit-gate.js'
import { fromFailure, workerGone } from './failure.js'
import type { FromWorker, HostedParts } from './protocol.js'
import { Remote, remoteParts } from './remote.js'
import type { WorkerSettings } from './settings.js'

export interface StartedWorker {
  readonly parts: HostedParts
  /** Ends the worker, once the parts have ended what they do. May be called twice. */
  close(): Promise<void>
}

/** Opens a SQLite store in a thread of its own. Rejects with the coded error of what stops it. */
export async function startWorker(
  wanted: Omit<WorkerSettings, 'gate'>,
  { logger }: Pick<StoreContext, 'logger'>,
): Promise<StartedWorker> {
  const gate = createGateMemory()
  const worker = newWorker({ ...wanted, gate })
  const beforeExit = (): void => closeGate(gate)
  process.once('exit', beforeExit)
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const remote = new Remote(worker, logger, (held) => (held ? worker.ref() : worker.unref()))
  worker.on('error', (error: Error) => {
    const text = plainText(error)
    logger.error({ error: text }, 'the worker thread of the SQLite store failed')
    remote.end(workerGone(text))
  })
  worker.once('exit', (code) => {
    process.off('exit', beforeExit)
    remote.end(workerGone(`exit code ${code}`))
  })
  const first = await Promise.race([firstMessage(worker), exited.then((): undefined => undefined)])
  if (first?.kind !== 'ready') {
    await worker.terminate()
    throw first?.kind === 'refused' ? fromFailure(first.failure) : (remote.gone ?? workerGone('it was not started'))
  }
  worker.unref()
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= endWorker(worker, remote, exited))
  return { parts: remoteParts(remote, first), close }
}

async function endWorker(worker: Worker, remote: Remote, exited: Promise<void>): Promise<void> {
  worker.ref()
  try {
    // Of a worker that has died nothing is left to close.
    if (remote.gone === undefined) await remote.close()
  } finally {
    remote.end(workerGone('the store was closed'))
    await worker.terminate()
    await exited
  }
}

function firstMessage(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve) => {
    const listen = (message: FromWorker): void => {
      if (message.kind !== 'ready' && message.kind !== 'refused') return
      worker.off('message', listen)
      resolve(message)
    }
    worker.on('message', listen)
  })
}

function newWorker(settings: WorkerSettings): Worker {
  // As built, this module is part of a file beside the worker's. From the sources both are TypeScript, and need a loader.
  const fromSources = import.meta.url.endsWith('.ts')
  const url = new URL(fromSources ? './from-sources.mjs' : './sqlite-worker.js', import.meta.url)
  try {
    // A script that was given as text is none of the worker's.
    const fitting = process.execArgv.filter((given) => !given.startsWith('--input-type'))
    // Handed on as they are unless they must not be: a thread takes flags of V8 over, and refuses to be given them.
    const own = fitting.length < process.execArgv.length ? { execArgv: fitting } : {}
    return new Worker(url, { workerData: settings, ...own, name: 'reachkit-sqlite' })
  } catch (cause) {
    throw new ReachError('REACH_STORE_UNAVAILABLE', 'the worker thread of the SQLite store cannot be started', {
      cause,
    })
  }
}
