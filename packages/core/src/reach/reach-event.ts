import type { HealthEvent } from '../health/health-event.js'
import type { DriverEvent, HistoryEvent } from '../spec/index.js'
import type { TaskEvent } from '../tasks/index.js'

/**
 * What `onEvent` is told, after it happened and at least once. A listener that throws or is slow changes nothing; it
 * is logged.
 */
export type ReachEvent =
  | {
      readonly kind: 'message'
      readonly id: string
      readonly tenant: string
      readonly type: string
      readonly event: HistoryEvent
    }
  | { readonly kind: 'driver'; readonly channel: string; readonly provider: string; readonly event: DriverEvent }
  | { readonly kind: 'health'; readonly channel: string; readonly provider: string; readonly event: HealthEvent }
  | { readonly kind: 'task'; readonly number: string; readonly tenant: string; readonly event: TaskEvent }
