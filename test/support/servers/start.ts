import { chownSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestServer } from './server.js'
import { WatchedProcess } from './watched-process.js'
import type { WatchedOptions } from './watched-process.js'

export interface Recipe extends Omit<WatchedOptions, 'folder'> {
  readonly url: (port: number) => string
}

const attempts = 3

/** A temporary folder that the server's user can enter. */
export async function temporaryFolder(name: string, user?: WatchedOptions['user']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `reachkit-${name}-`))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Starts it on a free loopback port; another one where somebody else took it meanwhile. */
export async function startServer(folder: string, recipe: Recipe): Promise<TestServer> {
  const watched = new WatchedProcess({ ...recipe, folder })
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      await watched.start(port)
      return served(watched, recipe.url(port), port)
    } catch (error) {
      if (attempt < attempts) continue
      await watched.stop()
      throw error
    }
  }
}

function served(watched: WatchedProcess, url: string, port: number): TestServer {
  return {
    url,
    get pid() {
      return watched.pid
    },
    stop: async () => watched.stop(),
    async restart(signal = 'SIGKILL') {
      await watched.end(signal)
      await watched.start(port)
    },
  }
}

/** A port of the loopback that nobody has just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no loopback port is free'))
      })
    })
  })
}
