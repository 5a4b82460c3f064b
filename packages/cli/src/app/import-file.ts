import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The exports of a module of the app: TypeScript by jiti, everything else by Node itself. */
export async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!['.ts', '.mts', '.cts'].includes(extname(path))) return importNative(path)
  const { createJiti } = await import('jiti')
  return createJiti(import.meta.url, { fsCache: false }).import<Readonly<Record<string, unknown>>>(path)
}

async function importNative(path: string): Promise<Readonly<Record<string, unknown>>> {
  const found: unknown = await import(pathToFileURL(path).href)
  return found as Readonly<Record<string, unknown>>
}

/** What a module exports under a name or by default; CommonJS puts all of it below `default`. */
export function exported(module: Readonly<Record<string, unknown>>, name: string): unknown {
  const { default: main } = module
  const inner: unknown = typeof main === 'object' && main !== null && name in main ? Reflect.get(main, name) : undefined
  return module[name] ?? inner ?? main
}
