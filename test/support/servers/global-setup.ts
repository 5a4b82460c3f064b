import { binary } from './binaries.js'
import { coordinatorVariable, startCoordinator } from './coordinator.js'
import { mariadbServer, postgresServer, redisServer } from './wanted.js'

/** Once a run of vitest: workers find the servers by the environment, which they inherit. */
export default async function setup(): Promise<() => Promise<void>> {
  // A package takes longer to install than a test may take. What cannot be had is told by the tests that need it.
  for (const wanted of [redisServer, postgresServer, mariadbServer]) {
    if (process.env[wanted.variable] === undefined) await binary(wanted).catch(() => {})
  }
  const coordinator = await startCoordinator()
  process.env[coordinatorVariable] = `${coordinator.port}`
  return async () => coordinator.stop()
}
