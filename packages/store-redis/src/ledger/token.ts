import type { Random } from '@reachkit/core/spec'

interface Names {
  readonly start: string
  count: number
}

const names = new WeakMap<Random, Names>()

/** A name that nobody else gives: chance, drawn once, and a number. */
export function uniqueName(random: Random): string {
  const own = names.get(random) ?? { start: Buffer.from(random.bytes(12)).toString('base64url'), count: 0 }
  names.set(random, own)
  own.count += 1
  return `${own.start}${own.count.toString(36)}`
}

/** A token tells lane and tenant of its entry besides being unique, so that later calls know the keys that they touch. */
export function newToken(name: string, lane: string, tenant: string): string {
  return `${lane}.${name}.${tenant}`
}

/** Undefined for what is no token of this store. */
export function readToken(token: string): { readonly lane: string; readonly tenant: string } | undefined {
  const [, lane, tenant] = /^(P\d)\.[\w-]{17,}\.(.*)$/s.exec(token) ?? []
  return lane === undefined || tenant === undefined ? undefined : { lane, tenant }
}
