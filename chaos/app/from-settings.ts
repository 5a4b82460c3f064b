import { setTimeout as wait } from 'node:timers/promises'
import { openPool, openStore } from '../stores/stores.js'
import { createApp } from './app.js'
import { loggerOf } from './logger.js'
import type { ProcessSettings } from './settings.js'

/** The app of this process, started; a store that is away just now is asked again until it is back. */
export async function startApp(settings: ProcessSettings, works: boolean) {
  for (;;) {
    const store = openStore(settings.store, settings.url)
    const pool = settings.poolUrl === undefined ? undefined : openPool(settings.poolUrl)
    const logger = loggerOf(settings.worker)
    const app = createApp({ ...settings, works, store, pool, logger })
    try {
      await app.start()
      return app
    } catch (error) {
      logger.error({ error: String(error) }, 'the app did not start')
      await wait(200)
    }
  }
}
