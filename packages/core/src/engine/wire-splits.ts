import type { MessageDefinition } from '../message/definition.js'
import { WiredSplits } from '../route/wired-splits.js'

/** The splits of every message type that has any in its route. */
export function wireSplits(definitions: ReadonlyMap<string, MessageDefinition>): ReadonlyMap<string, WiredSplits> {
  const splits = new Map<string, WiredSplits>()
  for (const { key, route } of definitions.values()) {
    const wired = new WiredSplits(key, route)
    if (Object.keys(wired.weights).length > 0) splits.set(key, wired)
  }
  return splits
}
