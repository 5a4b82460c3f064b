import type { GateItem, Verdict } from '../spec/index.js'

/** What gates are asked about. `notes` are of several gates; each is shown its own. */
export interface NotedItem extends GateItem {
  readonly notes?: Readonly<Record<string, string>> | undefined
}

/** The verdict that decided, and the gate that gave it. */
export interface Decision {
  readonly gate: string
  readonly verdict: Verdict
}

/** Under which name a note is kept: in the delivery phase each channel has one of its own. */
export function noteKey(gate: string, channel: string | undefined): string {
  return channel === undefined ? gate : `${gate}/${channel}`
}
