import type { ChannelDriver, Reason } from '../spec/index.js'
import { pathText } from '../options/index.js'
import { estimateCost } from './cost-of-attempt.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt } from './journey.js'

/** After this long a schema counts as one that throws, whatever it still does. */
const mostMs = 10_000

/** Checks the address and renders the content of an attempt, or tells why it has none. Waits only for schemas that do. */
export function fillAttempt(
  attempt: Attempt,
  context: Pick<DispatchContext, 'contents' | 'deadlines' | 'logger'>,
): Reason | undefined | Promise<Reason | undefined> {
  const { journey, channel, provider } = attempt
  const compiled = context.contents.get(journey.definition.key)?.get(channel.name)
  if (compiled === undefined) return { code: 'channel-unavailable' }
  const data = journey.data as Readonly<Record<string, unknown>>
  const rendered = compiled.render({ data, recipient: journey.recipient })
  if (rendered.kind === 'failed') return rendered.reason
  const address = check(provider.driver.address, attempt.address, context)
  const content = check(provider.driver.content, rendered.content, context)
  if (address instanceof Promise || content instanceof Promise) {
    return Promise.all([address, content]).then(([to, body]) => keep(attempt, to, body, context))
  }
  return keep(attempt, address, content, context)
}

/** Asks a schema. One that throws or hangs refuses what it was given: it stops no other message. */
function check(
  schema: ChannelDriver['address'],
  value: unknown,
  { deadlines }: Pick<DispatchContext, 'deadlines'>,
): Checked | Promise<Checked> {
  try {
    const checked = schema['~standard'].validate(value)
    return checked instanceof Promise
      ? deadlines
          .within(mostMs, checked)
          .then(judged)
          .catch(() => refused)
      : judged(checked)
  } catch {
    return refused
  }
}

const refused: Checked = { issues: [] }

/** What a schema answers that is no answer refuses, too. */
function judged(checked: unknown): Checked {
  if (typeof checked !== 'object' || checked === null) return refused
  const { issues } = checked as { readonly issues?: unknown }
  return issues === undefined || Array.isArray(issues) ? (checked as Checked) : refused
}

interface Issue {
  readonly path?: readonly unknown[] | undefined
}
type Checked = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

function keep(
  attempt: Attempt,
  address: Checked,
  content: Checked,
  { logger }: Pick<DispatchContext, 'logger'>,
): Reason | undefined {
  if (address.issues !== undefined) return { code: 'address-invalid' }
  if (content.issues !== undefined) return { code: 'content-invalid', detail: fieldsOf(content.issues) }
  attempt.address = address.value
  attempt.content = content.value
  if (attempt.provider.driver.estimate !== undefined) attempt.cost = estimateCost(attempt, logger)
  return undefined
}

/** The fields that are wrong, never their values. */
function fieldsOf(issues: readonly Issue[]): string {
  return issues.map((issue: Issue | null) => (Array.isArray(issue?.path) ? pathText(issue.path) : 'content')).join(', ')
}
