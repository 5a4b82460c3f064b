import { pathToFileURL } from 'node:url'
import { bundle } from '../bundle.js'
import { binary } from './binaries.js'
import { coordinatorVariable, startCoordinator } from './coordinator.js'
import { mariadbServer, postgresServer, redisServer } from './wanted.js'

/** Once a run of vitest: workers find the servers, and the thread of SQLite its program, by the environment, which they inherit. */
export default async function setup(): Promise<() => Promise<void>> {
  // Each project asks for it, and the first one has it for all.
  if (process.env[coordinatorVariable] !== undefined) return async () => {}
  // A package takes longer to install than a test may take. What cannot be had is told by the tests that need it.
  for (const wanted of [redisServer, postgresServer, mariadbServer]) {
    if (process.env[wanted.variable] === undefined) await binary(wanted).catch(() => {})
  }
  const [coordinator, programs] = await Promise.all([startCoordinator(), bundle([])])
  process.env[coordinatorVariable] = `${coordinator.port}`
  process.env['REACHKIT_TEST_SQLITE_WORKER'] = pathToFileURL(programs.path('sqlite-worker')).href
  return async () => {
    await Promise.all([coordinator.stop(), programs.remove()])
  }
}
