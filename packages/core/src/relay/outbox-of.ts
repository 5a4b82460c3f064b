import type { AnyOutbox } from '../spec/index.js'

/** Whose transactions `in(tx)` takes: the outbox that was given, or else the store's. */
export function outboxOf({
  outbox,
  store,
}: {
  readonly outbox: AnyOutbox | undefined
  readonly store: object
}): AnyOutbox | undefined {
  return outbox ?? (isOutbox(store) ? store : undefined)
}

export function isOutbox(value: object): value is AnyOutbox {
  const { isTransaction, append, claim, done }: Partial<AnyOutbox> = value
  return [isTransaction, append, claim, done].every((method) => typeof method === 'function')
}
