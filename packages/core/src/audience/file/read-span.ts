import { fileChanged, fileError } from './file-error.js'
import type { FileStatus, FileSystem } from './file-system.js'

export async function statusOf(files: FileSystem, path: string): Promise<FileStatus> {
  try {
    return await files.stat(path)
  } catch (cause) {
    throw fileError(path, cause)
  }
}

/**
 * Fills a buffer from one place of a file. Opens it each time, so that nothing stays open between pages.
 * @throws ReachError `REACH_AUDIENCE_CHANGED` where the file ends before, `REACH_AUDIENCE_GONE`, `REACH_AUDIENCE_FAILED`.
 */
export async function readSpan(files: FileSystem, path: string, buffer: Buffer, position: number): Promise<void> {
  const filled = await fill(files, path, buffer, position).catch((cause: unknown) => {
    throw fileError(path, cause)
  })
  if (filled < buffer.length) throw fileChanged(path)
}

async function fill(files: FileSystem, path: string, buffer: Buffer, position: number): Promise<number> {
  const file = await files.open(path, 'r')
  try {
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  } finally {
    await file.close()
  }
}
