import type { Progress } from '../route/progress.js'
import type { GateRunner } from './gate-runner.js'

/** Ends what gates took for the channels of a message that was held: of one channel, or of all. Never rejects. */
export async function endHeld(
  message: string,
  { legs }: Progress,
  how: 'confirm' | 'release',
  gates: GateRunner,
  channel?: string,
): Promise<void> {
  for (const [name, { reservation }] of Object.entries(legs)) {
    if (reservation === undefined || (channel !== undefined && channel !== name)) continue
    const ids = [`${message}/${name}`]
    await gates.end(reservation, how === 'confirm' ? ids : [], how === 'release' ? ids : [])
  }
}
