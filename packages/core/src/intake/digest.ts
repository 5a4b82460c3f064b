import { hash } from 'node:crypto'

/** 96 bits over tenant, type, recipient and key, as 12 Latin-1 characters: what a second caller is known by. */
export function dedupeDigest(tenant: string, type: string, recipient: string, key: string): string {
  return hash('sha256', JSON.stringify([tenant, type, recipient, key]), 'binary').slice(0, 12)
}
