import { type DriverSubject, driverCases, runCase } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'

/** Every promise of the contract, a test each. What the driver does not owe is skipped with its reason. */
export function conforms(name: string, open: () => Promise<DriverSubject>): void {
  describe(`${name}, by the contract`, () => {
    it.for(driverCases)('$name', async (wanted, { skip }) => {
      const notOwed: string[] = []
      await expect(runCase(wanted, open, (why) => notOwed.push(why))).resolves.toBeUndefined()
      skip(notOwed.length > 0, notOwed.join())
    })
  })
}
