// What the workspace consists of, and whether it changed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, root } from './shell.mjs'

const generated = new Set(['node_modules', 'dist', 'coverage'])

/** The folders below `parent` that hold a package. */
export function packagesIn(parent) {
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((dir) => existsSync(join(root, dir, 'package.json')))
}

/** Every file below the given files and folders; a missing one is left out. */
export function filesOf(paths) {
  const present = paths.filter((path) => existsSync(join(root, path)))
  return present.flatMap((path) => (isFolder(path) ? filesIn(path) : [path]))
}

/** A digest of the names and contents of files. */
export function digestOf(files, ...extra) {
  const hash = createHash('sha256')
  for (const file of files.toSorted()) {
    hash.update(`${file}\0`)
    hash.update(readFileSync(join(root, file)))
  }
  return hash.update(extra.join('\0')).digest('hex')
}

/** The packages of `packages/` that the package in `dir` needs to be built, each after those it needs itself. */
export function neededBy(dir) {
  const { dependencies, peerDependencies } = readJson(`${dir}/package.json`)
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  const direct = packagesIn('packages').filter((other) => names.includes(readJson(`${other}/package.json`).name))
  return [...new Set(direct.flatMap((other) => [...neededBy(other), other]))]
}

function filesIn(dir) {
  return filesOf(
    readdirSync(join(root, dir))
      .filter((name) => !generated.has(name))
      .map((name) => `${dir}/${name}`),
  )
}

function isFolder(path) {
  return statSync(join(root, path)).isDirectory()
}
