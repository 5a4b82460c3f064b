import type { DeliveryOutcome } from '../spec/index.js'

/** What an attempt in the sandbox ends with: nothing was sent, as it was wanted. */
export const sandboxed: DeliveryOutcome = { kind: 'sent', providerId: 'sandbox' }
