import {
  AndFilter,
  type Client,
  EqualityFilter,
  type Filter,
  OrFilter,
  type SearchOptions,
  SizeLimitExceededError,
} from 'ldapts'
import type { Entry } from './entry.js'

/** Values in one filter: servers bound its length. */
export const mostValues = 100

export function allOf(...filters: readonly Filter[]): Filter {
  return new AndFilter({ filters: [...filters] })
}

/** The values stand in the request as they are, never in the text of a filter: nothing in them is read as a filter. */
export function oneOf(attribute: string, values: readonly string[]): Filter {
  return new OrFilter({ filters: values.map((value) => new EqualityFilter({ attribute, value })) })
}

/** All entries, by pages of the server (RFC 2696) on this connection. */
export async function searchAll(
  client: Client,
  base: string,
  filter: Filter,
  attributes: readonly string[],
): Promise<readonly Entry[]> {
  const options: SearchOptions = { scope: 'sub', filter, attributes: [...attributes], paged: { pageSize: 500 } }
  return (await client.search(base, options)).searchEntries
}

/**
 * All entries where there are at most `limit`; else more than that, and not all. A server with a lower limit of its own
 * says so, and is then asked for what it gives.
 */
export async function searchUpTo(
  client: Client,
  base: string,
  filter: Filter,
  attributes: readonly string[],
  limit: number,
): Promise<{ readonly entries: readonly Entry[]; readonly isAll: boolean }> {
  const common: SearchOptions = { scope: 'sub', filter, attributes: [...attributes] }
  try {
    const entries: Entry[] = []
    for await (const page of client.searchPaginated(base, { ...common, paged: { pageSize: limit + 1 } })) {
      entries.push(...page.searchEntries)
      if (entries.length > limit) return { entries, isAll: false }
    }
    return { entries, isAll: true }
  } catch (error) {
    if (!(error instanceof SizeLimitExceededError)) throw error
    const { searchEntries } = await client.search(base, { ...common, sizeLimit: limit + 1 })
    return { entries: searchEntries, isAll: false }
  }
}
