import type { Cargo, Claim, ClaimedMessage, ClaimRequest, DeadLease, Envelope } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, optionalText, text, whole } from '../client/replies.js'
import type { ParcelBody } from '../parcel/body.js'
import type { Reply } from '../client/redis-client.js'
import { readAttempts } from '../parcel/attempts.js'
import { claimedOf } from '../parcel/record.js'
import type { Attempts, StoredParcel } from '../parcel/record.js'
import { claimScript, settleScript } from '../scripts/work.js'
import { Turns, batches, grouped } from './batches.js'
import { readableCargo } from './cargo.js'
import type { LedgerContext } from './context.js'
import { isStored, readParcel, storedParcel } from './read.js'
import { addSettlement, settleCall } from './settle.js'
import type { Shard } from './shards.js'
import { newToken, uniqueName } from './token.js'

const most = 16

/** Takes leases in as few calls as their bodies allow, and reads the messages. */
export async function claim(context: LedgerContext, request: ClaimRequest): Promise<readonly Claim[]> {
  const answers = new Map<Envelope, Claim>()
  const groups = grouped(request.envelopes, ({ tenant }) => context.shards.of(tenant))
  const calls = [...groups].flatMap(([shard, group]) =>
    batches(group, () => 500 / most).map(async (batch) => claimBatch(context, shard, batch, request.leaseMs)),
  )
  for (const batch of await Promise.all(calls)) for (const [envelope, answer] of batch) answers.set(envelope, answer)
  return request.envelopes.map((envelope) => answers.get(envelope) ?? gone)
}

const gone: Claim = { status: 'gone' }
const leased: Claim = { status: 'leased' }

type Claimed = (readonly [Envelope, Claim])[]

async function claimBatch(
  context: LedgerContext,
  shard: Shard,
  envelopes: readonly Envelope[],
  leaseMs: number,
): Promise<Claimed> {
  const { keys } = shard
  const call = new Arguments().key(keys.watch).add(leaseMs, envelopes.length)
  const tokens = envelopes.map(({ lane, tenant }) => newToken(uniqueName(context.random), lane, tenant))
  const known = envelopes.map(({ cargo }) => context.bodies.find(parcelOf(cargo)))
  for (const [index, { id, cargo }] of envelopes.entries()) {
    const parcel = parcelOf(cargo)
    call.element((element) => {
      element.key(keys.entry(id), keys.body(parcel), keys.marks(parcel), keys.notes(parcel))
      element.add(tokens[index] ?? '', parcel, known[index] === undefined ? 1 : 0)
    })
  }
  const [now, ...answers] = list(await context.scripts.run(claimScript, call.keys, call.args))
  const turns = new Turns()
  const claimed: Claimed = []
  for (const [index, envelope] of envelopes.entries()) {
    await turns.pass()
    const token = tokens[index] ?? ''
    const asked = { envelope, token, now: whole(now), known: known[index] }
    claimed.push([envelope, await answerOf(context, shard, asked, list(answers[index]))])
  }
  return claimed
}

function parcelOf(cargo: Cargo): string {
  return cargo.kind === 'messages' ? cargo.parcel : ''
}

interface Asked {
  readonly envelope: Envelope
  readonly token: string
  readonly now: number
  /** The body, where this process had it: then the answer is without. */
  readonly known: ParcelBody | undefined
}

async function answerOf(
  context: LedgerContext,
  shard: Shard,
  { envelope, token, now, known }: Asked,
  answer: readonly Reply[],
): Promise<Claim> {
  const status = text(answer[0])
  if (status === 'not-due') return { status, due: whole(answer[1]) }
  if (status !== 'claimed') return { status: status === 'leased' ? 'leased' : 'gone' }
  const cargo = readableCargo(text(answer[1]), envelope.id, context.logger)
  if (cargo === undefined) return leased
  const before = deadLeases(optionalText(answer[3]))
  const granted = { status, entry: envelope.id, token, takeovers: whole(answer[2]), before } as const
  if (cargo.kind !== 'messages') return { ...granted, messages: [] }
  context.shards.remember(cargo.parcel, shard)
  const stored =
    cargo.parcel === parcelOf(envelope.cargo)
      ? storedParcel(context, cargo.parcel, [answer[5] ?? null, answer[6] ?? null, answer[7] ?? null], known)
      : await readParcel(context, shard, cargo.parcel)
  // What is left to do is not known: it is looked at again when this lease has run out.
  if (stored === 'unreadable') return leased
  const attempts = readAttempts(list(answer[4]).map(text))
  const messages = stored === 'gone' ? [] : claimable(stored, cargo, attempts, now)
  // Nobody else here will work on a parcel of one entry.
  if (isStored(stored) && cargo.positions.length === stored.body.messages.length) context.bodies.drop(cargo.parcel)
  if (messages.length > 0 || before.length > 0) return { ...granted, messages }
  await removeEntry(context, shard, envelope.id, token)
  return gone
}

function deadLeases(stored: string | undefined): readonly DeadLease[] {
  if (stored === undefined) return []
  return (JSON.parse(stored) as [string, number][]).map(([token, slices]) => ({ token, slices }))
}

/** Those that may be worked on, with the step that the entry carries. */
function claimable(
  parcel: StoredParcel,
  { positions, steps }: { readonly positions: readonly number[]; readonly steps: readonly number[] },
  attempts: Attempts,
  now: number,
): readonly ClaimedMessage[] {
  const messages: ClaimedMessage[] = []
  for (const [index, position] of positions.entries()) {
    const message = claimedOf(parcel, position, attempts)
    if (message === undefined || message.step !== steps[index] || message.state === 'done') continue
    if (message.state === 'sending' || message.due <= now) messages.push(message)
  }
  return messages
}

/** Nothing is left of the entry: it is removed under the lease that was just taken. */
async function removeEntry(context: LedgerContext, shard: Shard, entry: string, token: string): Promise<void> {
  const settlement = { entry, token, parcel: '', results: [], entries: [], finish: true }
  const call = settleCall(context, shard).add(1)
  call.element((element) => addSettlement(context, element, shard, settlement))
  await context.scripts.run(settleScript, call.keys, call.args)
}
