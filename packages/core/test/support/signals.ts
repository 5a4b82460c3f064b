// Three channels that the tests of core send by. All of the workspace's tests share one ReachChannels, so they have
// names that no channel package takes.
import { channel, sent } from '@reachkit/core'
import type {
  Channel,
  DeliveryContext,
  DeliveryOutcome,
  DeliveryRequest,
  Directory,
  DriverOptions,
} from '@reachkit/core'
import { z } from 'zod'

interface SignalContent {
  text: string
}
export type SignalName = 'lamp' | 'horn' | 'drum'
export type Signal<Name extends string> = Channel<Name, string, SignalContent>
export type Request = DeliveryRequest<string, SignalContent>

declare global {
  interface ReachChannels {
    lamp: Signal<'lamp'>
    horn: Signal<'horn'>
    drum: Signal<'drum'>
  }
}

export type Answer = (
  request: Request,
  context: DeliveryContext,
  index: number,
) => DeliveryOutcome | Promise<DeliveryOutcome>

export interface SignalOptions {
  readonly provider?: string
  readonly capabilities?: DriverOptions<string, SignalContent>['capabilities']
  readonly batch?: (requests: readonly Request[], context: DeliveryContext) => Promise<readonly DeliveryOutcome[]>
  readonly estimate?: DriverOptions<string, SignalContent>['estimate']
  readonly close?: () => Promise<void>
}

export interface RecordedSignal<Name extends string> {
  readonly channel: Signal<Name>
  /** What the driver was asked to send, in order. */
  readonly requests: Request[]
}

/** A channel that remembers what it was asked to send. `answers` are one an attempt, then all is sent; or a function. */
export function signal<const Name extends SignalName>(
  name: Name,
  answers: readonly (DeliveryOutcome | Answer)[] | Answer = [],
  { provider = name, capabilities = {}, batch, estimate, close }: SignalOptions = {},
): RecordedSignal<Name> {
  const requests: Request[] = []
  return {
    requests,
    channel: channel({
      name,
      provider,
      address: z.string(),
      content: z.object({ text: z.string() }),
      capabilities,
      async deliver(request, context) {
        const index = requests.push(request) - 1
        const answer = typeof answers === 'function' ? answers : answers[index]
        if (answer === undefined) return sent(`${provider}-${index + 1}`)
        return typeof answer === 'function' ? answer(request, context, index) : answer
      },
      ...(batch && { deliverBatch: async (all: readonly Request[], context: DeliveryContext) => batch(all, context) }),
      ...(estimate && { estimate }),
      ...(close && { close }),
    }),
  }
}

/** Everybody: whoever is asked for has a lamp, a horn and a drum. */
export const everybody: Directory = {
  recipients: async (ids) =>
    ids.map((id) => ({ id, addresses: { lamp: `lamp of ${id}`, horn: `horn of ${id}`, drum: `drum of ${id}` } })),
}

/** What comes from untyped code: a value of whatever type is wanted. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type that its value pretends to have
export function untyped<T>(value: unknown): T {
  return value as T
}
