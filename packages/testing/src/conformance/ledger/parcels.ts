import { createHash } from 'node:crypto'
import type { Envelope, NewEntry, NewMessage, NewParcel, Settled } from '@reachkit/core/spec'

/** A lease that no case outlives. */
export const longLeaseMs = 3_600_000

/** 96 bits in base64, as core makes them. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 16)
}

export function newMessage(over: Partial<NewMessage> = {}): NewMessage {
  return {
    type: 'order.paid',
    version: 1,
    recipient: 'user-1',
    inline: undefined,
    data: '{"n":1}',
    lane: 'P2',
    labels: {},
    sandbox: false,
    expires: undefined,
    digest: undefined,
    ...over,
  }
}

export function newMessages(count: number): readonly NewMessage[] {
  return Array.from({ length: count }, (_, index) => newMessage({ recipient: `user-${index}`, data: `{"n":${index}}` }))
}

export interface EntryOptions extends Partial<Omit<NewEntry, 'cargo'>> {
  /** The step of every position; 0 when left out. */
  readonly step?: number
}

/** An entry over positions of a parcel, due now. */
export function newEntry(parcel: string, positions: readonly number[], options: EntryOptions = {}): NewEntry {
  const { step = 0, ...over } = options
  const cargo = { kind: 'messages', parcel, positions, steps: positions.map(() => step) } as const
  return { id: `${parcel}-entry`, lane: 'P2', due: 0, weight: 1, cargo, ...over }
}

/** A parcel with one entry over all of its messages, due now. */
export function newParcel(id: string, messages: readonly NewMessage[], over: Partial<NewParcel> = {}): NewParcel {
  return { id, tenant: 'acme', messages, entries: [newEntry(id, [...messages.keys()])], ...over }
}

/** What travels for an entry of a parcel, as the pool would hand it out. */
export function envelopeOf(entry: NewEntry, tenant = 'acme'): Envelope {
  return { schema: 1, tenant, ...entry }
}

export const sent: Settled = { state: 'done', outcome: 'sent' }
export const refused: Settled = { state: 'done', outcome: 'rejected', reason: { code: 'provider-rejected' } }

export function again(due: number, progress?: string): Settled {
  const reason = { code: 'retry-later' }
  return { state: 'waiting', due, reason, ...(progress !== undefined && { progress }) }
}

export function held(due: number, progress?: string): Settled {
  const reason = { code: 'deadline-passed' }
  return { state: 'held', due, reason, ...(progress !== undefined && { progress }) }
}
