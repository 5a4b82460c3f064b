import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { abortable } from '../io/abortable.js'
import { errorName } from '../io/error-name.js'

/** Closes every driver, one after another. One that throws or hangs does not keep the others from it. */
export async function closeDrivers({ channels, aborting, logger }: DispatchContext): Promise<void> {
  for (const channel of channels.values()) {
    for (const { driver, queue } of channel.providers) {
      queue.close()
      const closing = (async () => driver.close?.())()
      await abortable(closing, aborting).catch((error: unknown) => {
        logger.error(
          { channel: channel.name, provider: driver.provider, error: errorName(error) },
          'a driver could not be closed',
        )
      })
    }
  }
}
