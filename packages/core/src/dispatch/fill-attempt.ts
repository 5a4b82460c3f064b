import type { ChannelDriver, Reason } from '../spec/index.js'
import { contentKey } from './dispatch-context.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt } from './journey.js'

/** Checks the address and renders the content of an attempt, or tells why it has none. Waits only for schemas that do. */
export function fillAttempt(
  attempt: Attempt,
  context: Pick<DispatchContext, 'contents'>,
): Reason | undefined | Promise<Reason | undefined> {
  const { journey, channel, provider } = attempt
  const compiled = context.contents.get(contentKey(journey.message.type, channel.name))
  if (compiled === undefined) return { code: 'channel-unavailable' }
  const data = journey.data as Readonly<Record<string, unknown>>
  const rendered = compiled.render({ data, recipient: journey.recipient })
  if (rendered.kind === 'failed') return rendered.reason
  const address = check(provider.driver.address, attempt.address)
  const content = check(provider.driver.content, rendered.content)
  if (address instanceof Promise || content instanceof Promise) {
    return Promise.all([address, content]).then(([to, body]) => keep(attempt, to, body))
  }
  return keep(attempt, address, content)
}

/** Asks a schema. One that throws refuses what it was given: it stops no other message. */
function check(schema: ChannelDriver['address'], value: unknown): Checked | Promise<Checked> {
  try {
    const checked = schema['~standard'].validate(value)
    return checked instanceof Promise ? checked.catch(() => refused) : checked
  } catch {
    return refused
  }
}

const refused: Checked = { issues: [] }

interface Issue {
  readonly path?: readonly unknown[] | undefined
}
type Checked = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

function keep(attempt: Attempt, address: Checked, content: Checked): Reason | undefined {
  if (address.issues !== undefined) return { code: 'address-invalid' }
  if (content.issues !== undefined) return { code: 'content-invalid', detail: fieldsOf(content.issues) }
  attempt.address = address.value
  attempt.content = content.value
  return undefined
}

/** The fields that are wrong, never their values. */
function fieldsOf(issues: readonly Issue[]): string {
  return issues.map(({ path }) => path?.map(keyOf).join('.') ?? 'content').join(', ')
}

function keyOf(segment: unknown): string {
  return typeof segment === 'object' && segment !== null && 'key' in segment ? String(segment.key) : String(segment)
}
