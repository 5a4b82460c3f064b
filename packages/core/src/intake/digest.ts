import { createHash } from 'node:crypto'

/** 96 bits over tenant, type, recipient and key, as 16 characters of base64: what a second caller is known by. */
export function dedupeDigest(tenant: string, type: string, recipient: string, key: string): string {
  const text = JSON.stringify([tenant, type, recipient, key])
  return createHash('sha256').update(text).digest().toString('base64', 0, 12)
}
