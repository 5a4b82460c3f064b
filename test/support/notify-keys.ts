/** What a caller is told of each key. */
export type Told = readonly (readonly [id: string, deduplicated: boolean])[]

interface Notifying {
  notify(
    key: 'note',
    to: { readonly lamp: string },
    data: { readonly text: string },
    options: { readonly idempotencyKey: string },
  ): Promise<{ readonly id: string; readonly deduplicated: boolean }>
}

/** One call a key, all in one turn. */
export async function notifyKeys(reach: Notifying, keys: readonly string[]): Promise<Told> {
  const calls = keys.map(async (key) => reach.notify('note', { lamp: 'ann' }, { text: key }, { idempotencyKey: key }))
  return (await Promise.all(calls)).map(({ id, deduplicated }) => [id, deduplicated])
}
