import type { FileStamp } from '../plan.js'
import { fileChanged } from './file-error.js'
import type { FileSystem } from './file-system.js'
import { statusOf } from './read-span.js'
import { stampFile } from './stamp-file.js'

/** Files whose last hash is remembered, so that a file that was only touched is not hashed again at each page. */
const mostRemembered = 100
const remembered = new WeakMap<FileSystem, Map<string, FileStamp>>()

/** Holds a file to the stamp of its plan. */
export class FileGuard {
  readonly #files: FileSystem
  readonly #path: string
  readonly #stamp: FileStamp
  readonly #signal: AbortSignal

  constructor(files: FileSystem, path: string, stamp: FileStamp, signal: AbortSignal) {
    this.#files = files
    this.#path = path
    this.#stamp = stamp
    this.#signal = signal
  }

  /** By its whole content: when a run begins. @throws ReachError `REACH_AUDIENCE_CHANGED`, `REACH_AUDIENCE_GONE`. */
  async verify(): Promise<void> {
    const stamp = await stampFile(this.#files, this.#path, this.#signal)
    remember(this.#files, this.#path, stamp)
    this.#compare(stamp)
  }

  /** By size and time, and by content only where the time moved: after each page. Throws as `verify` does. */
  async check(): Promise<void> {
    const { size, mtimeMs } = await statusOf(this.#files, this.#path)
    if (size !== this.#stamp.size) throw fileChanged(this.#path)
    if (mtimeMs === this.#stamp.mtimeMs) return
    const known = remembered.get(this.#files)?.get(this.#path)
    if (known?.mtimeMs === mtimeMs && known.size === size) this.#compare(known)
    else await this.verify()
  }

  #compare({ size, sha256 }: FileStamp): void {
    if (size !== this.#stamp.size || sha256 !== this.#stamp.sha256) throw fileChanged(this.#path)
  }
}

function remember(files: FileSystem, path: string, stamp: FileStamp): void {
  const known = remembered.get(files) ?? new Map<string, FileStamp>()
  remembered.set(files, known)
  known.delete(path)
  known.set(path, stamp)
  const [oldest] = known.keys()
  if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest)
}
