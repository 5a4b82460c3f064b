import type { Random } from '@reachkit/core/spec'

/** A token tells lane and tenant of its entry besides being unique, so that later calls know the keys that they touch. */
export function newToken(random: Random, lane: string, tenant: string): string {
  return `${lane}.${Buffer.from(random.bytes(12)).toString('base64url')}.${tenant}`
}

/** Undefined for what is no token of this store. */
export function readToken(token: string): { readonly lane: string; readonly tenant: string } | undefined {
  const [, lane, tenant] = /^(P\d)\.[\w-]{16}\.(.*)$/s.exec(token) ?? []
  return lane === undefined || tenant === undefined ? undefined : { lane, tenant }
}
