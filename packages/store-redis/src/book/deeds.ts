import type { BookEvent } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { list, text, whole } from '../client/replies.js'
import type { Argument } from '../client/redis-client.js'
import type { Scripts } from '../client/script.js'
import { batches, grouped } from '../ledger/batches.js'
import { countEventsScript, recordScript } from '../scripts/book-events.js'
import type { BookPart, BookParts } from './book-keys.js'

/** So many keys are removed at a time. */
const keysAtOnce = 250

/** What recipients did: for each, and each name of an event, when, by the event's id. */
export class Deeds {
  constructor(
    readonly scripts: Scripts,
    readonly parts: BookParts,
    readonly keepMs: number,
  ) {}

  async record(tenant: string, events: readonly BookEvent[]): Promise<void> {
    const first = new Map(events.toReversed().map((event) => [JSON.stringify([event.name, event.recipient, event.id]), event]))
    const groups = grouped(first.values(), ({ recipient }) => this.parts.of(tenant, recipient))
    const calls = [...groups].flatMap(([part, own]) =>
      batches(own, () => 1).map((batch) => ({ part, batch })),
    )
    await fewAtOnce(calls, async ({ part, batch }) => this.#recordSome(part, batch))
  }

  async #recordSome(part: BookPart, events: readonly BookEvent[]): Promise<void> {
    const names = new Set(events.map(({ name }) => name))
    const byKey = grouped(events, ({ name, recipient }) => part.events(name, recipient))
    const args: Argument[] = [this.keepMs, names.size, ...names]
    for (const own of byKey.values()) args.push(own.length, ...own.flatMap(({ at, id }) => [at, id]))
    await this.scripts.run(recordScript, [part.eventNames, ...byKey.keys()], args)
  }

  async counts(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    const counts = new Map<string, number>()
    const groups = grouped(new Set(recipients), (recipient) => this.parts.of(tenant, recipient))
    const calls = [...groups].flatMap(([part, own]) => batches(own, () => 1).map((batch) => ({ part, batch })))
    await fewAtOnce(calls, async ({ part, batch }) => {
      const keys = batch.map((recipient) => part.events(name, recipient))
      const answers = list(await this.scripts.run(countEventsScript, keys, [since])).map(whole)
      for (const [index, recipient] of batch.entries()) counts.set(recipient, answers[index] ?? 0)
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
