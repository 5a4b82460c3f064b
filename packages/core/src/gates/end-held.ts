import type { Progress } from '../route/progress.js'
import type { Cost } from '../spec/index.js'
import type { GateRunner } from './gate-runner.js'

/** Ends what gates took for the channels of a message that was held: of one channel (which cost that), or of all. Never rejects. */
export async function endHeld(
  message: string,
  { legs }: Progress,
  how: 'confirm' | 'release',
  gates: GateRunner,
  channel?: string,
  cost?: Cost,
): Promise<void> {
  for (const [name, { reservation }] of Object.entries(legs)) {
    if (reservation === undefined || (channel !== undefined && channel !== name)) continue
    const id = `${message}/${name}`
    const costs = cost === undefined ? undefined : new Map([[id, cost]])
    await gates.end(reservation, how === 'confirm' ? [id] : [], how === 'release' ? [id] : [], costs)
  }
}
