// The worker thread of a SQLite store: the database and all parts live here, because its driver blocks while it works.
import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../database/sqlite.js'
import { openParts } from '../open-parts.js'
import { startCheckpoints } from './checkpoints.js'
import { workerContext } from './context.js'
import { workerGate } from './exit-gate.js'
import { toFailure } from './failure.js'
import { hostParts } from './host.js'
import type { FromWorker, Port } from './protocol.js'
import type { WorkerSettings } from './settings.js'

async function host(port: Port, { path, database: wanted, parts: settings, gate }: WorkerSettings): Promise<void> {
  const context = workerContext(port)
  const database = await openSqlite(path, wanted, workerGate(gate))
  const opened = await openParts(database, context, settings)
  const checkpoints = startCheckpoints(database)
  hostParts(opened, port, async () => {
    checkpoints.stop()
    await opened.close()
    await database.close()
  })
}

if (parentPort !== null) {
  const port = parentPort
  host(port, workerData as WorkerSettings).catch((error: unknown) => {
    const message: FromWorker = { kind: 'refused', failure: toFailure(error) }
    port.postMessage(message)
  })
}
