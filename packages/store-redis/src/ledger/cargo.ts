import type { Cargo, Logger } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { decodeRuns, encodeRuns } from '../parcel/runs.js'

/** The text of an entry's cargo: `m<parcel> <runs>`, `f<json>` or `r<run>`. Scripts read and shorten the first. */
export function cargoText(cargo: Cargo): string {
  switch (cargo.kind) {
    case 'messages':
      return `m${cargo.parcel} ${encodeRuns(cargo.positions, cargo.steps)}`
    case 'firing':
      return `f${JSON.stringify([cargo.task, cargo.instant, cargo.revision])}`
    case 'run':
      return `r${cargo.run}`
  }
}

/** Undefined for what cannot be read, which is told: it stays where it is, and keeps nobody from the others. */
export function readableCargo(text: string, entry: string, logger: Logger): Cargo | undefined {
  try {
    return parseCargo(text)
  } catch {
    logger.error({ entry }, 'an entry of the store cannot be read; it is passed over')
    return undefined
  }
}

function parseCargo(text: string): Cargo {
  const rest = text.slice(1)
  if (text.startsWith('m')) {
    const space = rest.indexOf(' ')
    return { kind: 'messages', parcel: rest.slice(0, space), ...decodeRuns(rest.slice(space + 1)) }
  }
  if (text.startsWith('f')) {
    const [task, instant, revision] = JSON.parse(rest) as [string, number, number]
    return { kind: 'firing', task, instant, revision }
  }
  if (text.startsWith('r')) return { kind: 'run', run: rest }
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'an entry was written by a newer release')
}
