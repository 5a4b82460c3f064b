import { hash } from 'node:crypto'

/** 96 bits over tenant, type, recipient and key, as 16 characters of base64: what a second caller is known by. */
export function dedupeDigest(tenant: string, type: string, recipient: string, key: string): string {
  return hash('sha256', JSON.stringify([tenant, type, recipient, key]), 'base64').slice(0, 16)
}
