import { getPrismaClient } from '@prisma/client/runtime/client'

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
      getRuntime: async () => import('@prisma/client/runtime/query_compiler_fast_bg.postgresql.mjs'),
      async getQueryCompilerWasmModule() {
        const { wasm } = await import('@prisma/client/runtime/query_compiler_fast_bg.postgresql.wasm-base64.mjs')
        return new WebAssembly.Module(Buffer.from(wasm, 'base64'))
      },
      importName: './query_compiler_fast_bg.js',
    },
  } as never)
  return new Client({ adapter } as never) as unknown as PrismaClient
}
