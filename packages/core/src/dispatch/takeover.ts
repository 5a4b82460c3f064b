import type { ClaimGranted, ClaimedMessage, Settled } from '../spec/index.js'
import { parseProgress } from '../route/progress.js'
import type { MessageDefinition } from '../message/definition.js'
import type { DispatchContext } from './dispatch-context.js'
import { newAttempt, newJourney } from './journey.js'
import type { Attempt, Journey } from './journey.js'
import { legAfter } from './outcome.js'
import { attemptEvent, moveLeg } from './outbound.js'
import { concludeJourney } from './plan-journey.js'

/** After this many dead leases, the last of which came to nothing, an envelope is split into single messages; a single one is taken alone, and then parked. */
const crashLimit = 3
/** How often a message is tried alone before it is parked. */
const triesAlone = 2

/** So many slices in a row may be stopped whole, by gates or by their content; then the envelope is given back. */
export const unbegunLimit = 16

/** The name of a slice's reservation, the same for whoever has to resolve it. */
export function reservationOf(entry: string, token: string, slice: number): string {
  return `${entry}/${token}/${slice}`
}

/** What `begin` notes of a message, for whoever takes over. */
export function attemptingOf(attempts: readonly Attempt[]): string {
  const [only] = attempts
  if (attempts.length === 1 && only !== undefined) return only.provider.place
  return attempts.map(({ provider }) => provider.place).join(',')
}

/**
 * A message that was being sent when its lease ran out: nobody knows of the channels that were in the air, so each
 * counts as `unknown`. It is sent again only where that is harmless or wanted, and held otherwise.
 */
export function settleInterrupted(
  message: ClaimedMessage,
  context: DispatchContext,
  reservation: string | undefined,
): { to: Settled; journey?: Journey } {
  const definition = context.definitions.get(message.type)
  const reason = { code: 'interrupted' }
  if (definition === undefined) {
    return { to: { state: 'held', due: context.storeNow() + dayMs, reason, ...progressOf(message) } }
  }
  const journey = interruptedJourney(message, definition)
  if (!knowsAttempts(message, definition, context)) {
    return { to: { state: 'held', due: context.storeNow() + definition.holdForMs, reason, ...progressOf(message) } }
  }
  for (const attempt of interruptedAttempts(journey, context)) {
    const outcome = { kind: 'unknown', reason: 'interrupted' } as const
    attempt.outcome = outcome
    const after = legAfter(attempt, outcome, { now: context.storeNow(), random: context.random })
    const leg = after.state === 'unknown' && reservation !== undefined ? { ...after, reservation } : after
    moveLeg(journey, attempt.channel.name, leg, attemptEvent(attempt, leg, context.storeNow()))
  }
  return { to: concludeJourney(journey, context), journey }
}

const dayMs = 86_400_000
/** What a message waits for once the envelope that it was in has been split. */
export const crashesExhausted = 'crashes-exhausted'

function progressOf({ progress }: ClaimedMessage): { progress?: string } {
  return progress === undefined ? {} : { progress }
}

function interruptedJourney(message: ClaimedMessage, definition: MessageDefinition): Journey {
  const recipient = { id: message.recipient, addresses: {} }
  const progress = parseProgress(message.progress)
  return { ...newJourney({ message, definition, data: undefined, recipient, progress }), concluded: true }
}

/** Of a channel or provider that only another version of the app knows, this process cannot judge: it is held. */
function knowsAttempts(
  { attempting = '' }: ClaimedMessage,
  { content }: MessageDefinition,
  { channels }: DispatchContext,
): boolean {
  return attempting.split(',').every((text) => {
    const [name = '', provider] = text.split(':')
    return content.has(name) && channels.get(name)?.provider(provider) !== undefined
  })
}

function interruptedAttempts(journey: Journey, context: DispatchContext): Attempt[] {
  return (journey.message.attempting ?? '').split(',').flatMap((text) => {
    const [name = '', providerName] = text.split(':')
    const channel = context.channels.get(name)
    const provider = channel?.provider(providerName)
    if (channel === undefined || provider === undefined) return []
    const number = (journey.progress.legs[name]?.attempts ?? 0) + 1
    return [newAttempt(journey, channel, provider, number)]
  })
}

/**
 * What becomes of an envelope whose workers die: split first, so that one message cannot take others along. Where the
 * last of them began a slice, the envelope came on, and whatever ended its worker was not the next message of it. Those that
 * came of a split are tried with no other suspect beside them; so is, once more, one that was alone from the start: it may
 * have been near the one that ends its process each time.
 */
export function afterCrashes({ takeovers, before, messages }: ClaimGranted): 'go-on' | 'split' | 'alone' | 'park' {
  if (messages.length === 0) return 'go-on'
  const wasSplit = messages.some(({ reason }) => reason?.code === crashesExhausted)
  const last = before.at(-1)
  const cameOn = last !== undefined && last.slices > 0
  const deathsAlone = wasSplit ? takeovers : takeovers - crashLimit
  if (deathsAlone < 0) return 'go-on'
  if (messages.length === 1) return cameOn || deathsAlone < triesAlone ? 'alone' : 'park'
  // Without a lease that ran out, somebody gave it back who did not die of it.
  return cameOn || last === undefined ? 'go-on' : 'split'
}
