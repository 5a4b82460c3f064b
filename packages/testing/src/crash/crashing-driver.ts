import type { AnyChannel, ChannelDriver, DeliveryContext } from '@reachkit/core/spec'
import { CrashPlan } from './crash-plan.js'
import type { CrashOptions } from './crash-plan.js'
import { endsAfterFirstByte, endsBeforeAnswer } from './ending-fetch.js'
import { replaced } from './replaced.js'

/**
 * The driver, but the process ends at the point of its nth attempt, a batch counting as one. What is between the first
 * byte and the answer is told by `context.fetch`, in the first request of the attempt; for a driver that sends
 * by other means both points are where it answers.
 */
export function crashingDriver<Address, Content, Name extends string>(
  driver: ChannelDriver<Address, Content> & { readonly channel: Name },
  options: CrashOptions,
): ChannelDriver<Address, Content> & { readonly channel: Name } {
  return withDriverPoints(driver, new CrashPlan(options))
}

/** The channel with `crashingDriver` around each of its providers; they count together. */
export function crashingChannel<Own extends AnyChannel>(channel: Own, options: CrashOptions): Own {
  const plan = new CrashPlan(options)
  const drivers = channel.drivers.map(({ driver, weight }) => ({ driver: withDriverPoints(driver, plan), weight }))
  return { ...channel, drivers }
}

function withDriverPoints<Address, Content, Own extends ChannelDriver<Address, Content>>(
  driver: Own & ChannelDriver<Address, Content>,
  plan: CrashPlan,
): Own {
  const whole: ChannelDriver<Address, Content> = driver
  const deliverBatch = whole.deliverBatch?.bind(whole)
  const own: Partial<ChannelDriver<Address, Content>> = {
    deliver: async (request, context) => attempt(plan, context, (watched) => whole.deliver(request, watched)),
    ...(deliverBatch !== undefined && {
      deliverBatch: async (requests, context) => attempt(plan, context, (watched) => deliverBatch(requests, watched)),
    }),
  }
  return replaced(whole, own) as Own
}

async function attempt<Answer>(
  plan: CrashPlan,
  context: DeliveryContext,
  deliver: (context: DeliveryContext) => Promise<Answer>,
): Promise<Answer> {
  await plan.reach('before-first-byte')
  const inTheAir = plan.counts('after-first-byte') || plan.counts('before-answer')
  const answer = await deliver(inTheAir ? replaced(context, { fetch: endingFetch(plan, context.fetch) }) : context)
  if (inTheAir) await plan.end()
  await plan.reach('after-answer')
  return answer
}

function endingFetch(plan: CrashPlan, send: typeof fetch): typeof fetch {
  const end = (): Promise<never> => plan.end()
  return plan.at === 'after-first-byte' ? endsAfterFirstByte(send, end) : endsBeforeAnswer(send, end)
}
