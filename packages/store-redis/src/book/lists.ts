import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { ListItem } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, optionalText } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { appendScript } from '../scripts/lists.js'
import { ListKeys } from './book-keys.js'

const pack = promisify(brotliCompress)
const unpack = promisify(brotliDecompress)
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/** Keys that are removed at a time. */
const keysAtOnce = 250

/** Lists of ids, in chunks that are written once, each packed as a whole. */
export class Lists {
  constructor(
    readonly scripts: Scripts,
    readonly prefix: string,
  ) {}

  async append(name: string, chunk: number, items: readonly ListItem[]): Promise<void> {
    const keys = new ListKeys(this.prefix, name)
    const packed = await encodeItems(items)
    const ids = items.map(({ id }) => id)
    await this.scripts.run(appendScript, [keys.chunk(chunk), keys.ids, keys.sizes], [packed, chunk, ids.length, ...ids])
  }

  async chunk(name: string, chunk: number): Promise<readonly ListItem[] | undefined> {
    const packed = await this.scripts.command('get', new ListKeys(this.prefix, name).chunk(chunk))
    return packed === null ? undefined : decodeItems(bytes(packed))
  }

  async has(name: string, ids: readonly string[]): Promise<readonly boolean[]> {
    if (ids.length === 0) return []
    const answers = await this.scripts.command('smismember', new ListKeys(this.prefix, name).ids, ...ids)
    return list(answers).map((there) => there === 1)
  }

  async size(name: string): Promise<number> {
    return this.#sized(new ListKeys(this.prefix, name), 'items')
  }

  /** Chunks go first, from behind, so that what was left by an interruption is found again. */
  async drop(name: string): Promise<void> {
    const keys = new ListKeys(this.prefix, name)
    const chunks = await this.#sized(keys, 'chunks')
    const parts: string[][] = []
    for (let end = chunks; end > 0; end -= keysAtOnce) {
      const start = Math.max(0, end - keysAtOnce)
      parts.push(Array.from({ length: end - start }, (_, index) => keys.chunk(start + index)))
    }
    await fewAtOnce(parts, async (part) => this.scripts.command('unlink', ...part))
    await this.scripts.command('unlink', keys.ids, keys.sizes)
  }

  async #sized({ sizes }: ListKeys, field: string): Promise<number> {
    return Number(optionalText(await this.scripts.command('hget', sizes, field)) ?? 0)
  }
}

/** Ids and texts one after another, with U+0000 between, which neither holds. */
async function encodeItems(items: readonly ListItem[]): Promise<Buffer> {
  return pack(Buffer.from(items.flatMap(({ id, text }) => [id, text]).join('\0'), 'utf8'), quick)
}

async function decodeItems(packed: Buffer): Promise<readonly ListItem[]> {
  const texts = (await unpack(packed)).toString('utf8')
  if (texts === '') return []
  const parts = texts.split('\0')
  return Array.from({ length: parts.length / 2 }, (_, index) => ({
    id: parts[index * 2] ?? '',
    text: parts[index * 2 + 1] ?? '',
  }))
}
