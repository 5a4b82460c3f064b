import type { Recipient } from '../spec/index.js'

/** What is stored of a recipient that `notify` was given with its addresses. */
export interface InlineRecipient {
  readonly id?: string
  readonly locale?: string
  readonly zone?: string
  readonly addresses: Readonly<Record<string, unknown>>
}

/** Reads back what intake wrote; `id` is the one under which the message is listed. */
export function recipientOf(text: string, id: string): Recipient {
  return { ...(JSON.parse(text) as InlineRecipient), id }
}
