// Installs what a command needs, once: a stamp in node_modules remembers for which manifests and lockfile.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustSucceed, pnpm, root } from './shell.mjs'
import { digestOf, filesOf, packagesIn } from './workspace.mjs'

const stamp = join(root, 'node_modules/.reachkit-installed.json')

export const everything = { name: 'everything', filters: [], within: [] }

// The one example that needs a web framework, which no test does.
const heavy = 'examples/express'

export const forTests = { name: 'tests', filters: ['--filter', `!./${heavy}`], within: ['everything'] }

/** The root's tools, and one example with the packages it uses. */
export function forExample(dir) {
  const within = dir === heavy ? ['everything'] : ['tests', 'everything']
  return { name: dir, filters: ['--filter', '.', '--filter', `{./${dir}}...`], within }
}

/** Installs one of the sets above, unless it or a larger one is there. */
export function install(set) {
  removeModulesOfNpm()
  const key = digestOf(manifests())
  const installed = readStamp(key)
  if ([set.name, ...set.within].some((name) => installed.includes(name))) return
  console.error('Installing ...')
  mustSucceed(
    pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false', ...set.filters], {
      stdout: process.stderr,
    }),
  )
  writeFileSync(stamp, JSON.stringify({ key, installed: [...installed, set.name] }))
}

/** What the benches compare against. Not part of the workspace, and nothing of it runs while it is installed. */
export function installBenchPeers() {
  console.error('Installing the packages that benches compare against ...')
  mustSucceed(
    pnpm(['install', '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile', '--prefer-offline'], {
      cwd: join(root, 'bench/peers'),
      stdout: process.stderr,
    }),
  )
}

/** A mistaken `npm install` writes its own layout over that of pnpm, and leaves the stamp in place. */
function removeModulesOfNpm() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return
  console.error('node_modules was written by npm; installing again with pnpm.')
  rmSync(join(root, 'node_modules'), { recursive: true })
}

function readStamp(key) {
  if (!existsSync(stamp)) return []
  const found = JSON.parse(readFileSync(stamp, 'utf8'))
  return found.key === key ? found.installed : []
}

function manifests() {
  const members = ['.', ...packagesIn('packages'), ...packagesIn('examples'), 'bench', 'chaos']
  return filesOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...members.map((dir) => `${dir}/package.json`)])
}
