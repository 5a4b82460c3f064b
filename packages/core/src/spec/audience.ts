import type { Recipient } from './recipient.js'

/** One of an audience: an id, or a recipient that is given whole; with what its row says beside. */
export interface AudienceItem {
  readonly id: string
  /** Given with the audience, as inline recipients are: addresses by channel. */
  readonly addresses?: Readonly<Record<string, unknown>> | undefined
  readonly locale?: string | undefined
  /** Where it is known without asking the directory. */
  readonly zone?: string | undefined
  /** What the row says, by column: data of the message may be taken from it. JSON values. */
  readonly columns?: Readonly<Record<string, unknown>> | undefined
}

/** A line that is no item: counted, and told in the task's report. */
export interface AudienceReject {
  /** From 1, as an editor shows it. */
  readonly line: number
  /** Without what the line says. */
  readonly reason: string
}

export interface AudiencePage {
  readonly items: readonly AudienceItem[]
  readonly rejects?: readonly AudienceReject[]
  /** Given back for the next page; undefined at the end. At most 4,000 characters. */
  readonly next: string | undefined
}

export interface AudiencePageRequest {
  /** Where the page before ended; empty at first. */
  readonly cursor: string
  /** At most so many items and rejects together. */
  readonly limit: number
  /** Only who lives in one of these zones; null for who has none. Of a source that has `zones`. */
  readonly zones?: readonly (string | null)[]
}

export interface AudienceContext {
  readonly tenant: string
  readonly signal: AbortSignal
  /** The store's clock, in milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * A stream of recipients that is read by pages, by any process, at any time.
 *
 * Promises:
 * - The same cursor gives the items behind the same place: those that were handed out before it never come again, and
 *   those behind it that are still there all come. What changes behind a cursor may be seen or not.
 * - A page is read in bounded memory, whatever the size of the audience.
 * - A page without items is not the end: `next` tells.
 */
export interface AudienceSource {
  page(request: AudiencePageRequest): Promise<AudiencePage>
  /** How many there are, where it is known without reading them all. */
  count?(): Promise<number>
  /** Which of these ids are in it, where that is known without reading all. One answer each. */
  has?(ids: readonly string[]): Promise<readonly boolean[]>
  /** The zones that its recipients live in, null for none; then `page` takes `zones`. */
  zones?(): Promise<readonly (string | null)[]>
  close?(): Promise<void>
}

/** Makes a source of what a task keeps of it: JSON arguments. By its name, so that every process finds it again. */
export interface AudienceFactory {
  readonly name: string
  open(args: unknown, context: AudienceContext): AudienceSource | Promise<AudienceSource>
}

/** A recipient with what segments judge by. */
export interface Profile extends Recipient {
  readonly groups?: readonly string[] | undefined
}
