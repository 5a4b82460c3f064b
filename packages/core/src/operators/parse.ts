import { OptionReader, isFields } from '../options/index.js'
import { parseFilter, parseId } from '../reach/parse-calls.js'
import { historyFilter } from '../reach/views.js'
import type { HistoryFilter } from '../spec/index.js'

const mostAtOnce = 100_000

/** Which messages: one by its id, or those that fit a filter. */
export type Which = { readonly id: string } | { readonly filter: HistoryFilter }

/** @throws ReachError `REACH_OPTION_INVALID` */
export function parseWhich(call: string, which: unknown): Which {
  return isFields(which) ? { filter: historyFilter(parseFilter(which, call)) } : { id: parseId(call, which) }
}

export interface ChangePlan {
  readonly limit: number
  /** Who and why, as history is told; undefined where neither was given. */
  readonly detail: string | undefined
  readonly ttlMs: number | undefined
}

/** @throws ReachError `REACH_OPTION_INVALID` */
export function parseChangeOptions(call: string, options: unknown, fields: readonly string[]): ChangePlan {
  const reader = new OptionReader('REACH_OPTION_INVALID', call, options, ['limit', 'by', 'why', ...fields])
  const said = [reader.text('by'), reader.text('why')].filter((text) => text !== undefined)
  return {
    limit: Math.min(reader.whole('limit', 1) ?? 1_000, mostAtOnce),
    detail: said.length === 0 ? undefined : said.join(': ').slice(0, 200),
    ttlMs: reader.durationMs('ttl', 1),
  }
}
