// Builds packages, and only those whose sources changed since they were built last.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustSucceed, root, tool } from './shell.mjs'
import { digestOf, filesOf, neededBy, packagesIn } from './workspace.mjs'

const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'tsconfig.src.json', 'tsconfig.build.json']

/** Builds the packages in these folders and, before each, those it needs. */
export function build(dirs = packagesIn('packages')) {
  const order = new Set(dirs.flatMap((dir) => [...neededBy(dir), dir]))
  for (const dir of order) buildOne(dir)
}

/** Builds what an example or the benches use, but not themselves. */
export function buildFor(dir) {
  build(neededBy(dir))
}

function buildOne(dir) {
  const stamp = join(root, dir, 'node_modules/.reachkit-built')
  const key = keyOf(dir)
  if (existsSync(stamp) && existsSync(join(root, dir, 'dist')) && readFileSync(stamp, 'utf8') === key) return
  // Gone while it builds, so that half a build is never taken for a whole one.
  rmSync(stamp, { force: true })
  console.error(`Building ${dir} ...`)
  mustSucceed(tool('tsup', ['--silent'], { cwd: join(root, dir), stdout: process.stderr }))
  writeFileSync(stamp, key)
}

/** Changes with the package's own sources, with those of the packages it needs, and with the build's settings. */
function keyOf(dir) {
  const inputs = filesOf([`${dir}/src`, `${dir}/package.json`, `${dir}/tsup.config.ts`, `${dir}/tsconfig.json`])
  const sources = inputs.filter((file) => !/\.test(-d)?\.ts$/.test(file))
  return digestOf([...sources, ...filesOf(shared)], ...neededBy(dir).map(keyOf))
}
