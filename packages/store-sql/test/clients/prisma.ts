import { getPrismaClient } from '@prisma/client/runtime/client'
import { createRequire } from 'node:module'

// Its query compiler comes without types.
const load = createRequire(import.meta.url)
const compiler = '@prisma/client/runtime/query_compiler_fast_bg.postgresql'
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } }

/** What a test needs of a Prisma client. */
interface PrismaClient {
  $transaction(work: (tx: unknown) => Promise<void>, options: { readonly timeout: number }): Promise<void>
  $disconnect(): Promise<void>
}

/**
 * Prisma's own client on its own adapter, without a model: what `prisma generate` writes for an empty schema. Its
 * generator fetches a binary from Prisma's servers, which a test must not need.
 */
export function prismaClient(adapter: unknown): PrismaClient {
  const Client = getPrismaClient({
    previewFeatures: [],
    clientVersion: '7.10.0',
    engineVersion: '0000000000000000000000000000000000000000',
    activeProvider: 'postgresql',
    inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
    runtimeDataModel: { models: {}, enums: {}, types: {} },
    parameterizationSchema: { strings: [], graph: 'AAAA' },
    compilerWasm: {
      getRuntime: async () => load(`${compiler}.js`) as unknown,
      async getQueryCompilerWasmModule() {
        const { wasm } = load(`${compiler}.wasm-base64.js`) as { wasm: string }
        return new WebAssembly.Module(Buffer.from(wasm, 'base64'))
      },
      importName: './query_compiler_fast_bg.js',
    },
  } as never)
  return new Client({ adapter } as never)
}
