// A process that sends. It ends when it is told to, unless it is killed before.
import { liveWithParent, tellParent } from '../process/child-life.js'
import { startApp } from './from-settings.js'
import type { ProcessSettings } from './settings.js'

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings
const app = await startApp(settings, true)
tellParent({ kind: 'started' })
process.once('SIGTERM', () => {
  void app.stop({ timeout: '5s' }).finally(() => process.exit(0))
})
