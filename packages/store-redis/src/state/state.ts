import { randomUUID } from 'node:crypto'
import type {
  Addition,
  BucketAnswer,
  BucketTake,
  BudgetLevel,
  BudgetLine,
  Remembered,
  State,
  StateDocument,
  WindowAnswer,
  WindowEntry,
} from '@reachkit/core/spec'
import { list, optionalText, text, whole } from '../client/replies.js'
import type { Argument, Reply } from '../client/redis-client.js'
import type { Script, Scripts } from '../client/script.js'
import { storeTime } from '../client/store-time.js'
import { batches, grouped } from '../ledger/batches.js'
import {
  countScript,
  creditScript,
  endScript,
  enterScript,
  readDocumentsScript,
  rememberScript,
  reserveScript,
  takeScript,
  writeDocumentScript,
} from '../scripts/state.js'
import type { StateKeys } from './state-keys.js'
import type { DocumentWatcher } from './watcher.js'

/** Reads about what a budget has: a name of a field, and the budget. */
const levels = ['l', 'r', 's'] as const

/** State on Redis: a script for each kind of thing, by the clock of the server. */
export class RedisState implements State {
  readonly specVersion = 1

  constructor(
    readonly scripts: Scripts,
    readonly keys: StateKeys,
    readonly watcher: DocumentWatcher,
  ) {}

  async now(): Promise<number> {
    return storeTime(this.scripts)
  }

  async count(additions: readonly Addition[]): Promise<readonly number[]> {
    const items = additions.map(({ key, by, ttlMs }) => ({ key: this.keys.counter(key), args: [by, ttl(ttlMs)] }))
    return (await this.#each(countScript, items)).map(whole)
  }

  async remember(
    entries: readonly Remembered[],
  ): Promise<readonly { readonly value: string; readonly first: boolean }[]> {
    const items = entries.map(({ key, value, ttlMs }) => ({
      key: this.keys.remembered(key),
      args: [value, ttl(ttlMs)],
    }))
    return (await this.#each(rememberScript, items)).map((reply) => {
      const [value, first] = list(reply)
      return { value: text(value), first: first === 1 }
    })
  }

  async forget(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map(async (key) => this.scripts.command('unlink', this.keys.remembered(key))))
  }

  async take(takes: readonly BucketTake[]): Promise<readonly BucketAnswer[]> {
    const items = takes.map(({ key, tokens, perMs, burst, cost, maxWaitMs, keep = 0 }) => ({
      key: this.keys.bucket(key),
      args: [tokens, perMs, burst, cost, maxWaitMs, keep],
    }))
    return (await this.#each(takeScript, items)).map((reply) => {
      const [granted, at, reserved] = list(reply)
      return { granted: granted === 1, at: whole(at), reserved: reserved === 1 }
    })
  }

  async enter(entries: readonly WindowEntry[]): Promise<readonly WindowAnswer[]> {
    const items = entries.map(({ key, member, max, windowMs }) => ({
      key: this.keys.window(key),
      args: [member, max, ttl(windowMs)],
    }))
    return (await this.#each(enterScript, items)).map((reply) => {
      const [entered, until] = list(reply)
      const instant = text(until)
      return { entered: entered === 1, until: instant === '' ? undefined : Number(instant) }
    })
  }

  async leave(members: readonly { readonly key: string; readonly member: string }[]): Promise<void> {
    const groups = grouped(members, ({ key }) => key)
    const calls = [...groups].map(async ([key, group]) =>
      this.scripts.command('zrem', this.keys.window(key), ...group.map(({ member }) => member)),
    )
    await Promise.all(calls)
  }

  async credit(budget: string, amount: number): Promise<number> {
    const names = [this.keys.budgets, this.keys.credit(randomUUID())]
    return whole(await this.scripts.run(creditScript, names, [`l${budget}`, amount]))
  }

  async reserve(reservation: string, lines: readonly BudgetLine[]): Promise<readonly boolean[]> {
    if (lines.length === 0) return []
    const args = lines.flatMap(({ budget, member, amount }) => [budget, member, amount])
    const answers = await this.scripts.run(reserveScript, this.#reservation(reservation), args)
    return list(answers).map((granted) => granted === 1)
  }

  async confirm(reservation: string, members: readonly string[], amounts?: ReadonlyMap<string, number>): Promise<void> {
    if (members.length === 0) return
    const args = members.flatMap((member) => [member, amounts?.get(member) ?? ''])
    await this.scripts.run(endScript, this.#reservation(reservation), ['c', ...args])
  }

  async release(reservation: string, members?: readonly string[]): Promise<void> {
    if (members?.length === 0) return
    const args = (members ?? []).flatMap((member) => [member, ''])
    await this.scripts.run(endScript, this.#reservation(reservation), ['x', ...args])
  }

  #reservation(name: string): string[] {
    return [this.keys.budgets, this.keys.reservation(name)]
  }

  async budgets(keys: readonly string[]): Promise<readonly BudgetLevel[]> {
    if (keys.length === 0) return []
    const fields = keys.flatMap((key) => levels.map((level) => `${level}${key}`))
    const values = list(await this.scripts.command('hmget', this.keys.budgets, ...fields)).map((value) =>
      Number(optionalText(value) ?? 0),
    )
    return keys.map((_, index) => {
      const [left = 0, reserved = 0, spent = 0] = values.slice(index * levels.length, (index + 1) * levels.length)
      return { left, reserved, spent }
    })
  }

  async read(keys: readonly string[]): Promise<readonly StateDocument[]> {
    if (keys.length === 0) return []
    const names = keys.map((key) => this.keys.document(key))
    return list(await this.scripts.run(readDocumentsScript, names, [])).map((reply) => {
      const [stored, version] = list(reply)
      return { text: optionalText(stored), version: Number(optionalText(version) ?? 0) }
    })
  }

  async write(key: string, document: string, expectedVersion: number): Promise<number | undefined> {
    const names = [this.keys.document(key), this.keys.changes, this.keys.changeNumber]
    const answer = await this.scripts.run(writeDocumentScript, names, [
      document,
      expectedVersion,
      key,
      this.keys.channel,
    ])
    if (answer === null) return undefined
    this.watcher.hint()
    return whole(answer)
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    return this.watcher.watch(prefix, changed)
  }

  /**
   * One script over many keys, in order, and one answer each. In a cluster keys lie apart, so that each has a call of its
   * own: what concerns one key still comes in order.
   */
  async #each(
    script: Script,
    items: readonly { readonly key: string; readonly args: readonly Argument[] }[],
  ): Promise<readonly Reply[]> {
    const indexed = items.map((item, index) => ({ ...item, index }))
    const groups = this.scripts.client.isCluster === true ? [...grouped(indexed, ({ key }) => key).values()] : [indexed]
    const answers: Reply[] = items.map(() => null)
    const calls = groups
      .flatMap((group) => batches(group, () => 8))
      .map(async (batch) => {
        const keys = batch.map(({ key }) => key)
        const replies = list(
          await this.scripts.run(
            script,
            keys,
            batch.flatMap(({ args }) => args),
          ),
        )
        for (const [at, { index }] of batch.entries()) answers[index] = replies[at] ?? null
      })
    await Promise.all(calls)
    return answers
  }
}

/** Redis takes whole milliseconds, and refuses none at all. */
function ttl(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
