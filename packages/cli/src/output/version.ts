import { createRequire } from 'node:module'

export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('@reachkit/cli/package.json')
  return (manifest as { readonly version: string }).version
}
