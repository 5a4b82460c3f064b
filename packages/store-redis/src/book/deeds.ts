import type { BookEvent } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { list, text, whole } from '../client/replies.js'
import type { Argument } from '../client/redis-client.js'
import type { Scripts } from '../client/script.js'
import { grouped } from '../ledger/batches.js'
import { countEventsScript, recordScript } from '../scripts/book-events.js'
import type { BookParts } from './book-keys.js'
import { partCalls } from './part-calls.js'
import type { InPart } from './part-calls.js'

/** So many keys are removed at a time. */
const keysAtOnce = 250
/** So many events of one recipient and name are written at a time. */
const eventsAtOnce = 200

interface KeptEvents extends InPart {
  readonly key: string
  readonly name: string
  readonly own: readonly BookEvent[]
}

/** What recipients did: for each, and each name of an event, when, by the event's id. */
export class Deeds {
  constructor(
    readonly scripts: Scripts,
    readonly parts: BookParts,
    readonly keepMs: number,
  ) {}

  async record(tenant: string, events: readonly BookEvent[]): Promise<void> {
    const calls = partCalls(this.scripts, this.#kept(tenant, events), ({ own }) => 4 + own.length)
    await fewAtOnce(calls, async (batch) => {
      const keys = batch.flatMap(({ part, key }) => [part.eventNames, key])
      const args = batch.flatMap(({ name, own }): Argument[] => [
        name,
        own.length,
        ...own.flatMap(({ at, id }) => [at, id]),
      ])
      await this.scripts.run(recordScript, keys, [this.keepMs, ...args])
    })
  }

  /** By their keys. Of events that are alike the first stays, in whatever order the calls arrive. */
  #kept(tenant: string, events: readonly BookEvent[]): KeptEvents[] {
    const groups = grouped(events, ({ name, recipient }) => this.parts.of(tenant, recipient).events(name, recipient))
    return [...groups].flatMap(([key, own]) => {
      const first = new Map<string, BookEvent>()
      for (const event of own) if (!first.has(event.id)) first.set(event.id, event)
      const kept = [...first.values()]
      return kept.flatMap(({ name, recipient }, at) => {
        const part = this.parts.of(tenant, recipient)
        return at % eventsAtOnce === 0 ? [{ part, key, name, own: kept.slice(at, at + eventsAtOnce) }] : []
      })
    })
  }

  async counts(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    const asked = [...new Set(recipients)].map((recipient) => ({ recipient, part: this.parts.of(tenant, recipient) }))
    const counts = new Map<string, number>()
    await fewAtOnce(partCalls(this.scripts, asked), async (batch) => {
      const keys = batch.map(({ part, recipient }) => part.events(name, recipient))
      const answers = list(await this.scripts.run(countEventsScript, keys, [since])).map(whole)
      for (const [index, { recipient }] of batch.entries()) counts.set(recipient, answers[index] ?? 0)
    })
    return recipients.map((recipient) => counts.get(recipient) ?? 0)
  }

  /** The events of these recipients go, whatever their names are. */
  async forget(tenant: string, recipients: readonly string[]): Promise<void> {
    const groups = [...grouped(recipients, (recipient) => this.parts.of(tenant, recipient))]
    await fewAtOnce(groups, async ([part, own]) => {
      const names = list(await this.scripts.command('zrange', part.eventNames, 0, -1)).map(text)
      const keys = own.flatMap((recipient) => names.map((name) => part.events(name, recipient)))
      for (let at = 0; at < keys.length; at += keysAtOnce)
        await this.scripts.command('unlink', ...keys.slice(at, at + keysAtOnce))
    })
  }
}
