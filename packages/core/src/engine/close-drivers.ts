import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { errorName } from '../io/error-name.js'

/**
 * Closes every driver, one after another. One that throws does not keep the others from it, nor one that hangs: it has
 * no deadline of its own, and ends with everything else.
 */
export async function closeDrivers({ channels, deadlines, logger }: DispatchContext): Promise<void> {
  for (const channel of channels.values()) {
    for (const { driver, queue } of channel.providers) {
      queue.close()
      const closing = (async () => driver.close?.())()
      await deadlines.within(Number.POSITIVE_INFINITY, closing).catch((error: unknown) => {
        logger.error(
          { channel: channel.name, provider: driver.provider, error: errorName(error) },
          'a driver could not be closed',
        )
      })
    }
  }
}
