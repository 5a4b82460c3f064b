import { engineSlotOf } from '@reachkit/core'
import type { Input } from '../input/parse-arguments.js'
import type { Io } from '../output/io.js'
import type { AppReach } from './app-reach.js'
import { findConfig } from './find-config.js'
import { loadReach } from './load-reach.js'

/**
 * Opens the app's `reach`, and stops it in the end. A command that only looks does not begin to send: then this process
 * is no worker, whatever the app says.
 */
export async function withApp(
  input: Input,
  { cwd }: Io,
  sends: boolean,
  work: (reach: AppReach) => Promise<number>,
): Promise<number> {
  const reach = await loadReach(findConfig(cwd, input.text('config')))
  if (!sends) engineSlotOf(reach)?.swap({ worker: false })
  try {
    return await work(reach)
  } finally {
    await reach.stop()
  }
}
