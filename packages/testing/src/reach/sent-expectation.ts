import { AssertionError, deepEqual } from 'node:assert'
import type { SentMessage } from './record-channels.js'

/** What was sent of one type, narrowed step by step. Each step fails where nothing is left. */
export class SentExpectation {
  readonly #all: readonly SentMessage[]
  readonly #left: readonly SentMessage[]
  readonly #words: string

  private constructor(all: readonly SentMessage[], left: readonly SentMessage[], words: string) {
    this.#all = all
    this.#left = left
    this.#words = words
    if (left.length === 0) throw failure(`expected ${words} to have been sent`, all)
  }

  static of(all: readonly SentMessage[], key: string): SentExpectation {
    return new SentExpectation(all, all.filter(isSent(key)), `'${key}'`)
  }

  /** To this recipient: an id, or an address. */
  to(recipient: unknown): SentExpectation {
    return this.#narrow(
      (message) => message.recipient === recipient || isEqual(message.to, recipient),
      `to ${text(recipient)}`,
    )
  }

  /** On this channel, or by this provider. */
  via(way: string): SentExpectation {
    return this.#narrow(({ channel, provider }) => channel === way || provider === way, `via ${way}`)
  }

  /** With these fields in its content; a regular expression is matched against the text. */
  with(fields: Readonly<Record<string, unknown>>): SentExpectation {
    return this.#narrow(({ content }) => hasFields(content, fields), `with ${Object.keys(fields).join(', ')}`)
  }

  once(): void {
    this.times(1)
  }

  times(count: number): void {
    const found = this.#left.length
    if (found !== count) throw failure(`expected ${this.#words} ${count} times, and found it ${found} times`, this.#all)
  }

  #narrow(fits: (message: SentMessage) => boolean, words: string): SentExpectation {
    return new SentExpectation(this.#all, this.#left.filter(fits), `${this.#words} ${words}`)
  }
}

/** Fails if anything was sent, or anything of one type. */
export function expectNone(all: readonly SentMessage[], key: string | undefined): void {
  const found = all.filter((message) => message.outcome === 'sent' && (key === undefined || message.type === key))
  if (found.length > 0)
    throw failure(`expected ${key === undefined ? 'nothing' : `no '${key}'`} to have been sent`, all)
}

function isSent(key: string): (message: SentMessage) => boolean {
  return ({ type, outcome }) => type === key && outcome === 'sent'
}

function hasFields(content: unknown, fields: Readonly<Record<string, unknown>>): boolean {
  if (typeof content !== 'object' || content === null) return false
  const given = new Map<string, unknown>(Object.entries(content))
  return Object.entries(fields).every(([name, wanted]) => {
    const value = given.get(name)
    return wanted instanceof RegExp ? typeof value === 'string' && wanted.test(value) : isEqual(value, wanted)
  })
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    deepEqual(a, b)
    return true
  } catch {
    return false
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
}

function failure(message: string, all: readonly SentMessage[]): AssertionError {
  const lines = all.map(
    ({ type, recipient, channel, provider, outcome }) =>
      `  '${type}' to '${recipient}' via ${channel} (${provider}): ${outcome}`,
  )
  const seen = lines.length === 0 ? 'Nothing was attempted.' : `What was attempted:\n${lines.slice(0, 20).join('\n')}`
  return new AssertionError({ message: `${message}.\n${seen}` })
}
