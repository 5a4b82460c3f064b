import { basename } from 'node:path'
import { isReachError } from '@reachkit/core'
import { UsageError } from '../input/usage-error.js'
import { withoutPasswords } from '../output/failure-text.js'
import { isAppReach } from './app-reach.js'
import type { AppReach } from './app-reach.js'
import { exported, importFile } from './import-file.js'

/**
 * The `reach` that a config exports, under that name or by default: itself, or what a function answers.
 * @throws UsageError where it cannot be loaded, or exports something else.
 */
export async function loadReach(path: string): Promise<AppReach> {
  const found = await open(path)
  if (isAppReach(found)) return found
  throw new UsageError(
    `${basename(path)} must export \`reach\`, what createReach() answers, or a function that answers it.`,
  )
}

async function open(path: string): Promise<unknown> {
  try {
    const found = exported(await importFile(path), 'reach')
    return typeof found === 'function' ? await (found as () => unknown)() : found
  } catch (error) {
    if (isReachError(error)) throw error
    const [told = ''] = error instanceof Error ? error.message.split('\n') : []
    throw new UsageError(`${basename(path)} cannot be loaded: ${withoutPasswords(told)}`)
  }
}
