import type { Cost, DriverCapabilities } from '@reachkit/core/spec'
import { countSegments } from './content/segments.js'

/** What a message of so many parts costs, where the price of one is known. */
export function costOfParts({ cost }: DriverCapabilities, parts: number): Cost | undefined {
  return cost === undefined ? undefined : { currency: cost.currency, micros: cost.micros * parts }
}

/** What a text costs that is sent as it is written here: no network counts more parts. */
export function costOfText(capabilities: DriverCapabilities, text: string): Cost | undefined {
  // Counted only where somebody asks.
  return capabilities.cost === undefined ? undefined : costOfParts(capabilities, countSegments(text).count)
}

/**
 * What a vendor in China charges for its template at most, where the text says what the template does: the signature stands
 * before it in brackets, and each letter counts as one of UCS-2.
 */
export function costOfTemplate(
  capabilities: DriverCapabilities,
  sign: string | undefined,
  text: string,
): Cost | undefined {
  return costOfText(capabilities, `【${sign ?? ''}】${text}`)
}
