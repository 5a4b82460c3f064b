import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { forget, isAlive } from './alive.js'
import { SpoolFile } from './spool-file.js'

/** Names in the directory: where a file began, whose it is, and whether it waits for a newer version of the app. */
const named = /^(?<origin>[\w-]+)\.(?<owner>\w+)\.(?<kind>spool|unread)$/

export function fileName(dir: string, origin: string, owner: string, kind: 'spool' | 'unread'): string {
  return join(dir, `${origin}.${owner}.${kind}`)
}

export async function makeDirectory(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
}

/** So that the name of a new file survives power loss too. */
export async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

interface Listed {
  readonly origin: string
  readonly owner: string
  readonly kind: 'spool' | 'unread'
}

/**
 * Makes the files of dead processes this one's, by renaming them: of two that try, one succeeds. What they could not
 * read is looked at again: this may be a newer version of the app.
 */
export async function adoptFiles(
  dir: string,
  owner: string,
  known: ReadonlySet<string>,
  failed: (error: unknown) => void,
): Promise<SpoolFile[]> {
  const listed = (await readdir(dir)).flatMap(parseName)
  const wanted = listed.filter(({ origin }) => !known.has(origin))
  const lives = new Map<string, boolean>([[owner, false]])
  for (const { owner: other } of wanted) if (!lives.has(other)) lives.set(other, await isAlive(dir, other))
  const adopted: SpoolFile[] = []
  for (const file of wanted) {
    if (lives.get(file.owner) !== false) continue
    try {
      adopted.push(...(await adopt(dir, owner, file)))
    } catch (error) {
      failed(error)
    }
  }
  for (const [other, alive] of lives) if (!alive && other !== owner) await forget(dir, other)
  return adopted
}

async function adopt(dir: string, owner: string, { origin, owner: before, kind }: Listed): Promise<SpoolFile[]> {
  const path = fileName(dir, origin, owner, 'spool')
  try {
    await rename(fileName(dir, origin, before, kind), path)
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return [await SpoolFile.adopt(path, origin)]
}

function parseName(name: string): Listed[] {
  const { origin, owner, kind } = named.exec(name)?.groups ?? {}
  if (origin === undefined || owner === undefined) return []
  return [{ origin, owner, kind: kind === 'unread' ? 'unread' : 'spool' }]
}
