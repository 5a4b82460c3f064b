import { randomBytes } from 'node:crypto'
import type { Claim, ClaimGranted, Ledger, NewMessage, NewParcel, SettleResult } from '@reachkit/core/spec'

let count = 0

function freshId(): string {
  count += 1
  return `p${randomBytes(6).toString('hex')}${count}`
}

/** As many messages as digests are given, or as `size` says, in one entry that is due now. */
export function newParcel({
  id = freshId(),
  tenant = 'acme',
  size,
  digests,
  data = '{"n":1}',
}: {
  id?: string
  tenant?: string
  size?: number
  digests?: readonly string[]
  data?: string
} = {}): NewParcel {
  const messages = Array.from(
    { length: digests?.length ?? size ?? 1 },
    (_, position): NewMessage => ({
      type: 'order.paid',
      version: 1,
      recipient: `user-${position}`,
      inline: undefined,
      data,
      lane: 'P2',
      labels: { category: 'orders' },
      sandbox: false,
      expires: undefined,
      digest: digests?.[position],
    }),
  )
  const positions = [...messages.keys()]
  const cargo = { kind: 'messages', parcel: id, positions, steps: positions.map(() => 0) } as const
  return { id, tenant, messages, entries: [{ id: `${id}-e`, lane: 'P2', due: 0, weight: 1, cargo }] }
}

export function digestsOf(name: string, length: number): string[] {
  return Array.from({ length }, (_, index) => `${name}-${index}-padded`.slice(0, 12))
}

export function only<T>(items: readonly T[]): T {
  const [item] = items
  if (item === undefined || items.length !== 1) throw new Error(`one was wanted, there are ${items.length}`)
  return item
}

export async function tryClaim(ledger: Ledger, parcel: NewParcel, leaseMs = 60_000): Promise<Claim> {
  const envelopes = parcel.entries.map((entry) => ({ ...entry, schema: 1, tenant: parcel.tenant }) as const)
  return only(await ledger.claim({ envelopes, owner: 'worker', leaseMs }))
}

export async function claimed(ledger: Ledger, parcel: NewParcel, leaseMs?: number): Promise<ClaimGranted> {
  const claim = await tryClaim(ledger, parcel, leaseMs)
  if (claim.status !== 'claimed') throw new Error(`the entry is ${claim.status}`)
  return claim
}

export function beginOf(
  { entry, token }: ClaimGranted,
  parcel: NewParcel,
  positions: readonly number[],
): Parameters<Ledger['begin']>[0][number] {
  const steps = positions.map(() => 0)
  const attempting = positions.map(() => 'email:smtp')
  return { entry, token, leaseMs: 60_000, slice: 0, parcel: parcel.id, positions, steps, attempting }
}

/** Claims, begins and settles all of a parcel as sent. */
export async function sendAll(
  ledger: Ledger,
  parcel: NewParcel,
  events: SettleResult['events'] = [],
): Promise<readonly number[]> {
  const claim = await claimed(ledger, parcel)
  const positions = [...parcel.messages.keys()]
  await ledger.begin([beginOf(claim, parcel, positions)])
  const results = positions.map((position) => ({
    position,
    step: 0,
    to: { state: 'done', outcome: 'sent' } as const,
    events: events.map((event) => ({
      ...event,
      ...(event.providerId !== undefined && { providerId: `${event.providerId}${position}` }),
    })),
  }))
  const { entry, token } = claim
  return only(await ledger.settle([{ entry, token, parcel: parcel.id, results, entries: [], finish: true }])).settled
}
