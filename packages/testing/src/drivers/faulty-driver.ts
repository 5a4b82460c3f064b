import { NotSentError } from '@reachkit/core/spec'
import type { ChannelDriver, DeliveryContext, DeliveryOutcome, DeliveryRequest, Random } from '@reachkit/core/spec'

/**
 * What a driver can do wrong in one attempt:
 * - `throw`: throws, and nothing was sent; `throw-after`: throws once the message went out.
 * - `not-sent`: throws a `NotSentError`, and nothing was sent.
 * - `hang`: the message goes out, and no answer ever comes, whatever the signal says.
 * - `late`: the message goes out, and the answer comes after the deadline.
 * - `twice`: the message goes out, and after its answer the driver reports on it as well.
 * - `rubbish`: the message goes out, and the answer is no outcome.
 */
export type Fault = 'throw' | 'throw-after' | 'not-sent' | 'hang' | 'late' | 'twice' | 'rubbish'

const faultNames: readonly Fault[] = ['throw', 'throw-after', 'not-sent', 'hang', 'late', 'twice', 'rubbish']

/** Which attempts go wrong: one an attempt in order, and none after the last; or each with a chance of its own. */
export type Faults =
  | readonly (Fault | 'none')[]
  | { readonly random: Random; readonly chances: Readonly<Partial<Record<Fault, number>>> }

/**
 * A driver that does wrong what it is told to, and hands each attempt that goes out to `driver`, one by one. With a
 * `recordingDriver` inside, its requests are what went out.
 */
export function faultyDriver(driver: ChannelDriver, faults: Faults): ChannelDriver {
  const choose = chooser(faults)
  const { specVersion, channel, provider, addressing, address, content, html } = driver
  return {
    specVersion,
    channel,
    provider,
    addressing,
    address,
    content,
    html,
    capabilities: { ...driver.capabilities, batch: 1 },
    ...(driver.estimate !== undefined && { estimate: driver.estimate.bind(driver) }),
    deliver: (request, context) => attempt(choose(), driver, request, context),
    ...(driver.receipts !== undefined && { receipts: driver.receipts }),
    close: async () => driver.close?.(),
  }
}

function chooser(faults: Faults): () => Fault | 'none' {
  let attempts = 0
  if ('random' in faults) return () => draw(faults.random.next(), faults.chances)
  return () => faults[attempts++] ?? 'none'
}

function draw(drawn: number, chances: Readonly<Partial<Record<Fault, number>>>): Fault | 'none' {
  let sum = 0
  for (const fault of faultNames) {
    sum += chances[fault] ?? 0
    if (drawn < sum) return fault
  }
  return 'none'
}

async function attempt(
  fault: Fault | 'none',
  driver: ChannelDriver,
  request: DeliveryRequest,
  context: DeliveryContext,
): Promise<DeliveryOutcome> {
  if (fault === 'throw') throw new Error('a fault was asked for: thrown before the attempt')
  if (fault === 'not-sent') throw new NotSentError('a fault was asked for: nothing was sent')
  const outcome = await driver.deliver(request, context)
  switch (fault) {
    case 'none':
      return outcome
    case 'throw-after':
      throw new Error('a fault was asked for: thrown after the attempt')
    case 'hang':
      return new Promise(() => {})
    case 'late':
      return late(outcome, context)
    case 'twice':
      setImmediate(() =>
        context.report({ kind: 'warning', messageId: request.id, reason: 'reported after the answer' }),
      )
      return outcome
    case 'rubbish':
      return JSON.parse('{"kind":"posted"}')
  }
}

async function late(outcome: DeliveryOutcome, { clock, deadline }: DeliveryContext): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    clock.setTimer(deadline - clock.now() + 1, () => resolve(outcome))
  })
}
