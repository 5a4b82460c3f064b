// Packs every package as it would be published, and lets publint and arethetypeswrong look at the tarballs.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pnpm, tool } from './shell.mjs'

export function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'reachkit-pack-'))
  try {
    const packed = pnpm(['--filter', './packages/*', 'pack', '--pack-destination', folder], { stdout: 'ignore' })
    if (packed !== 0) return packed
    return Math.max(...readdirSync(folder).map((name) => checkTarball(join(folder, name))))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function checkTarball(path) {
  const shape = tool('publint', ['--strict', path])
  // node16: Node's own resolution from ESM and from CommonJS; `node10` knows no subpath such as `./spec`.
  const types = tool('@arethetypeswrong/cli', ['--profile', 'node16', '--no-emoji', '--format', 'ascii', path])
  return Math.max(shape, types)
}
