import { idOfAddresses } from '../../directory/inline-recipient.js'
import { isZone } from '../../schedule/wall-clock.js'
import type { AudienceItem } from '../../spec/index.js'
import { idProblem } from '../id-problem.js'
import type { ColumnRoles } from '../plan.js'

/** The value of a column; undefined where a row has none, or nothing in it. */
export type ReadColumn = (column: string) => unknown

/**
 * The recipient that a row tells of: by its id, or by its addresses where it has none. A text says why it is none,
 * without what stands in it.
 */
export function itemOf(roles: ColumnRoles, read: ReadColumn, columns: AudienceItem['columns']): AudienceItem | string {
  const given = valueOf(roles.id, read)
  const id = Number.isSafeInteger(given) ? String(given) : given
  const addresses = addressesOf(roles, read)
  if (id === undefined && addresses === undefined) return 'has neither an id nor an address'
  if (id !== undefined && typeof id !== 'string') return 'has an id that is neither a text nor a whole number'
  const problem = id === undefined ? undefined : idProblem(id)
  if (problem !== undefined) return `is no recipient: ${problem}`
  const [zone, locale] = [valueOf(roles.zone, read), valueOf(roles.locale, read)]
  if (zone !== undefined && !isKnownZone(zone)) return 'has a time zone that is not known'
  if (locale !== undefined && typeof locale !== 'string') return 'has a locale that is no text'
  return {
    id: id ?? idOfAddresses(addresses ?? {}),
    ...(addresses !== undefined && { addresses }),
    ...(zone !== undefined && { zone }),
    ...(locale !== undefined && { locale }),
    columns,
  }
}

/** What is empty is not there. */
function valueOf(column: string | undefined, read: ReadColumn): unknown {
  const value = column === undefined ? undefined : read(column)
  return value === null || value === '' ? undefined : value
}

function addressesOf({ address = {} }: ColumnRoles, read: ReadColumn): AudienceItem['addresses'] {
  let addresses: Record<string, unknown> | undefined
  for (const channel in address) {
    const value = valueOf(address[channel], read)
    if (value === undefined) continue
    addresses ??= {}
    addresses[channel] = value
  }
  return addresses
}

const knownZones = new Map<string, boolean>()
/** Far more than there are zones: what a file invents must not fill the memory. */
const mostZones = 2_000

/** Node takes 50 us to look at a zone. */
function isKnownZone(zone: unknown): zone is string {
  if (typeof zone !== 'string') return false
  const known = knownZones.get(zone)
  if (known !== undefined) return known
  if (knownZones.size >= mostZones) knownZones.clear()
  const answer = isZone(zone)
  knownZones.set(zone, answer)
  return answer
}
