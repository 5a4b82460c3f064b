import { setImmediate } from 'node:timers/promises'
import type { AudiencePage, AudienceSource } from '../spec/index.js'

const pageLimit = 500

/** Reads a source from its beginning to its end, and lets other work run between pages. */
export async function forEachPage(
  source: AudienceSource,
  signal: AbortSignal,
  visit: (page: AudiencePage) => void,
): Promise<void> {
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    signal.throwIfAborted()
    const page: AudiencePage = await source.page({ cursor, limit: pageLimit })
    visit(page)
    cursor = page.next
    await setImmediate()
  }
}
