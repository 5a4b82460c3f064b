interface Digested {
  readonly digest: { readonly items: readonly unknown[] }
}

/** The data of a message with the digest that it is sent as: what its content is made of. */
export function withDigest(own: unknown, items: readonly unknown[]): unknown {
  return { ...(own as object), digest: { count: items.length, items } }
}

/** The data of a message itself, of a digest of one. */
export function ownData(data: unknown): unknown {
  return (data as Digested).digest.items[0]
}
