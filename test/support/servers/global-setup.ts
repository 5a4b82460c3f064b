import { coordinatorVariable, startCoordinator } from './coordinator.js'

/** Once a run of vitest: workers find the servers by the environment, which they inherit. */
export default async function setup(): Promise<() => Promise<void>> {
  const coordinator = await startCoordinator()
  process.env[coordinatorVariable] = `${coordinator.port}`
  return async () => coordinator.stop()
}
