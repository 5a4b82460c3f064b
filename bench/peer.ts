import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const peers = new URL('peers/', import.meta.url)

/** Loads a package that a bench compares against. All of them are installed, into `bench/peers`, when the first is asked for. */
export function peer(name: string): unknown {
  if (!existsSync(new URL(`node_modules/${name}`, peers))) install()
  return createRequire(new URL('package.json', peers))(name)
}

function install(): void {
  const script = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url))
  const { status } = spawnSync(process.execPath, [script, 'bench-peers'], {
    stdio: ['ignore', process.stderr, 'inherit'],
  })
  if (status !== 0) throw new Error('The packages that benches compare against could not be installed.')
}
