import { createHash } from 'node:crypto'
import { ReachError } from '../../spec/index.js'
import type { FileStamp } from '../plan.js'
import { fileChanged, shownFile } from './file-error.js'
import type { FileSystem } from './file-system.js'
import { readSpan, statusOf } from './read-span.js'

const chunkBytes = 256 * 1024

/**
 * Size, time and hash of a file, which is read whole.
 * @throws ReachError `REACH_AUDIENCE_INVALID` for what is no file, `REACH_AUDIENCE_CHANGED` where it is written meanwhile,
 * and as `readSpan` does.
 */
export async function stampFile(files: FileSystem, path: string, signal: AbortSignal): Promise<FileStamp> {
  const { size, mtimeMs } = await fileStatus(files, path)
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(Math.min(size, chunkBytes))
  for (let position = 0; position < size; position += chunkBytes) {
    signal.throwIfAborted()
    const chunk = buffer.subarray(0, Math.min(chunkBytes, size - position))
    await readSpan(files, path, chunk, position)
    hash.update(chunk)
  }
  const after = await statusOf(files, path)
  if (after.size !== size || after.mtimeMs !== mtimeMs) throw fileChanged(path)
  return { size, mtimeMs, sha256: hash.digest('hex') }
}

async function fileStatus(files: FileSystem, path: string): Promise<{ size: number; mtimeMs: number }> {
  const status = await statusOf(files, path)
  if (status.isFile()) return { size: status.size, mtimeMs: status.mtimeMs }
  throw new ReachError('REACH_AUDIENCE_INVALID', `${shownFile(path)} is no file.`)
}
