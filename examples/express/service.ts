import type { AddressInfo } from 'node:net'
import { createApp } from './app.js'
import { openReach, type AppReach } from './reach.js'

export interface Service {
  readonly url: string
  /** Resolves when a SIGTERM has ended it: every answer given, every mail in flight sent, every connection closed. */
  readonly ended: Promise<void>
}

/** Starts the service. A real one reads these settings from its environment. */
export async function startService(settings: { readonly acmeUrl: string; readonly secret: string }): Promise<Service> {
  const reach = openReach({ url: settings.acmeUrl, secret: settings.secret })
  await reach.start()
  const server = createApp(reach, settings.secret).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))

  const ended = new Promise<void>((resolve, reject) => {
    process.once('SIGTERM', () => {
      // First no further requests; then what they accepted is sent, since the memory store forgets what waits.
      server.close(() => void drainAndStop(reach).then(resolve, reject))
    })
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, ended }
}

async function drainAndStop(reach: AppReach): Promise<void> {
  await reach.drain({ maxMs: 20_000 })
  await reach.stop({ timeout: '5s' })
}
