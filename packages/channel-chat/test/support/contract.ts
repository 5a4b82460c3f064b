import { type CounterpartMode, driverCases, type DriverSubject, runCase } from '@reachkit/testing'
import { expect, it } from 'vitest'

/**
 * The promises of a driver, a test each. `unplayed`: modes that mean something else to this driver than the suite says.
 */
export function keepsTheContract(open: () => Promise<DriverSubject>, unplayed: readonly CounterpartMode[] = []): void {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(
      runCase(
        wanted,
        async () => without(await open(), unplayed),
        (why) => notOwed.push(why),
      ),
    ).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
}

function without(subject: DriverSubject, unplayed: readonly CounterpartMode[]): DriverSubject {
  const { counterpart } = subject
  return {
    ...subject,
    // A busy machine is no fault.
    patienceMs: 30_000,
    counterpart: { ...counterpart, modes: counterpart.modes.filter((mode) => !unplayed.includes(mode)) },
  }
}
