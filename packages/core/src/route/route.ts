import type { Stickiness } from '../spec/index.js'

/** Until which receipt a `firstOf` waits before it tries its next leg, and for how long. */
export interface RouteWait {
  readonly until: 'delivered' | 'read'
  readonly withinMs: number
}

/** A route as data: what `all`, `firstOf` and `split` build. A channel stands in it at most once. */
export type RouteNode =
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'all'; readonly legs: readonly RouteNode[] }
  | { readonly kind: 'firstOf'; readonly legs: readonly RouteNode[]; readonly wait: RouteWait | undefined }
  | {
      readonly kind: 'split'
      readonly legs: readonly { readonly channel: string; readonly weight: number }[]
      readonly sticky: Stickiness
    }
