// Runs other programs. What prepares the workspace says its words on stderr (`stdout: process.stderr`), so that
// stdout belongs to the command itself: `npm run --silent bench -- x --json | jq`.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const { packageManager } = readJson('package.json')
const pnpmVersion = /^pnpm@([^+]+)/.exec(packageManager)[1]

export function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/** Runs a program and answers its exit code. */
function run(command, args, { cwd = root, env = {}, stdout = 'inherit' } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['inherit', stdout, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error) console.error(`${command}: ${error.message}`)
  return status ?? 1
}

/** Runs Node itself, the one this script runs on. */
export function node(args, options) {
  return run(process.execPath, args, options)
}

/** Runs a program of an installed development dependency. */
export function tool(name, args, options) {
  return node([binOf(name), ...args], options)
}

/** Runs the pinned pnpm: the one on PATH where it is that version, else the one npx brings. */
export function pnpm(args, options) {
  if (pnpmOnPath() === pnpmVersion) return run('pnpm', args, options)
  // With -p: without it, npx takes the package of an outer `npx -p node@24 npm test`.
  return run('npx', ['-y', '-p', `pnpm@${pnpmVersion}`, 'pnpm', ...args], options)
}

/** Ends this process when a step before the command itself failed. */
export function mustSucceed(code) {
  if (code !== 0) process.exit(code)
}

function binOf(name) {
  const manifest = `node_modules/${name}/package.json`
  const { bin } = readJson(manifest)
  const path = typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0])
  return join(root, dirname(manifest), path)
}

function pnpmOnPath() {
  // From the root folder, where no `packageManager` field makes pnpm fetch another version of itself.
  const { stdout } = spawnSync('pnpm', ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return stdout?.trim()
}
