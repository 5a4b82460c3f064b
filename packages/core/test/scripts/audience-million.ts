// Reads a million lines of CSV by pages, then one endless quote, and prints how far the memory went. Needs --expose-gc.
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csv, openAudience, preparePlan, type CsvOptions, type PrepareContext } from '../../src/audience/index.js'

const directory = mkdtempSync(join(tmpdir(), 'reachkit-audience-'))
const path = join(directory, 'people.csv')
const context: PrepareContext = {
  tenant: 't',
  signal: new AbortController().signal,
  now: () => 0,
  book: undefined,
  audiences: new Map(),
  judge: async () => [],
  newList: () => 'list',
}

async function write(head: string, block: (index: number) => string, blocks: number): Promise<void> {
  const file = await open(path, 'w')
  await file.write(head)
  for (let index = 0; index < blocks; index += 1) await file.write(block(index))
  await file.close()
}

interface Told {
  items: number
  rejects: number
  firstRejects: readonly number[]
  /** Bytes of memory beside the heap at most, and what the heap grew by from the first tenth on. */
  peak: number
  grown: number
}

async function read(options: CsvOptions): Promise<Told> {
  const source = await openAudience(await preparePlan(csv(path, options), context), context)
  const told = { items: 0, rejects: 0, firstRejects: [] as number[], peak: 0, grown: 0 }
  const before = memory()
  let early = 0
  let pages = 0
  for (let cursor: string | undefined = ''; cursor !== undefined; pages += 1) {
    const page = await source.page({ cursor, limit: 500 })
    told.items += page.items.length
    told.rejects += page.rejects?.length ?? 0
    for (const { line } of page.rejects ?? []) if (told.firstRejects.length < 3) told.firstRejects.push(line)
    if (pages % 200 === 0) told.peak = Math.max(told.peak, memory() - before)
    if (pages === 200) early = memory()
    cursor = page.next
  }
  told.grown = early === 0 ? 0 : memory() - early
  return told
}

function memory(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

try {
  const rows = (block: number): string =>
    Array.from({ length: 1_000 }, (_, index) => `user-${block}-${index},u${index}@example.com,"Name, ${index}"\n`).join(
      '',
    )
  await write('id,mail,name\n', rows, 1_000)
  console.log(JSON.stringify(await read({ address: { email: 'mail' } })))
  await write('id,name\nu1,"', () => 'x'.repeat(2 ** 20), 64)
  console.log(JSON.stringify(await read({})))
  await write('id,name\nu1,"', () => `${'x'.repeat(2 ** 10 - 1)}\n`.repeat(2 ** 10), 64)
  console.log(JSON.stringify(await read({})))
} finally {
  rmSync(directory, { recursive: true })
}
