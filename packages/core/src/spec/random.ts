/** Chance, handed in: a test seeds it, production draws from node:crypto or Math.random. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  bytes(length: number): Uint8Array
}
