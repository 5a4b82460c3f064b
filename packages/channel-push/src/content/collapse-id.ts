import { createHash } from 'node:crypto'

/**
 * The word that a message replaces an earlier one by, as Apple takes it in a header: 64 bytes (Apple, "Sending notification
 * requests to APNs"). The message's own key unless the content names one, so that a message that had to be sent twice is shown
 * once.
 */
export function collapseId(collapse: string | undefined, idempotencyKey: string): string {
  const word = collapse ?? idempotencyKey
  return /^[\x21-\x7e]{1,64}$/.test(word) ? word : createHash('sha256').update(word).digest('base64url')
}
