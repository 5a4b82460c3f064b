import type { AudienceItem, AudiencePage, AudienceSource } from '../spec/index.js'
import { forEachPage } from './each-page.js'

export type Zones = readonly (string | null)[]

/** What a page has of these zones; all where none are told. Rejects have no zone, so that one run a zone tells them once. */
export function inZones(page: AudiencePage, zones: Zones | undefined): AudiencePage {
  if (zones === undefined) return page
  const wanted = new Set(zones)
  const items = page.items.filter(({ zone }) => wanted.has(zone ?? null))
  return { items, rejects: wanted.has(null) ? (page.rejects ?? []) : [], next: page.next }
}

export function zonesOf(items: readonly AudienceItem[]): Zones {
  return [...new Set(items.map(({ zone }) => zone ?? null))]
}

/** The zones of a source whose items say theirs: reads all of it. */
export async function zonesByReading(source: AudienceSource, signal: AbortSignal): Promise<Zones> {
  const zones = new Set<string | null>()
  await forEachPage(source, signal, ({ items, rejects = [] }) => {
    for (const zone of zonesOf(items)) zones.add(zone)
    if (rejects.length > 0) zones.add(null)
  })
  return [...zones]
}
