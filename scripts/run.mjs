// The one entry behind every command of package.json. Needs only Node and npm: whatever else a command
// needs is installed and built when it is first used.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, buildFor } from './build.mjs'
import { check } from './check.mjs'
import { everything, forExample, forTests, install, installBenchPeers } from './install.mjs'
import { newDriver } from './new-driver.mjs'
import { node, root, tool } from './shell.mjs'

const commands = {
  /** Runs an example, the quick start when none is named. */
  start([name = 'quickstart', ...args]) {
    const dir = `examples/${name}`
    if (!existsSync(join(root, dir, 'package.json'))) return missing(dir)
    install(forExample(dir))
    buildFor(dir)
    return script('main.ts', args, dir)
  },

  /** Runs all tests, or those whose paths contain a given word. */
  test(args) {
    install(forTests)
    build()
    return tool('vitest', ['run', ...args])
  },

  /** Runs every guard, or the named ones. */
  check(names) {
    install(everything)
    return check(names)
  },

  build() {
    install(forTests)
    build()
    return 0
  },

  /** Runs the bench that is named first, or all of them, with the arguments that follow. */
  bench(args) {
    const named = args.length > 0 && !args[0].startsWith('-')
    const files = named ? [`${args[0]}.bench.ts`] : benches()
    const forBench = named ? args.slice(1) : args
    install(forTests)
    buildFor('bench')
    return Math.max(0, ...files.map((file) => script(file, forBench, 'bench', { NODE_ENV: 'production' })))
  },

  /** Kills workers and servers while messages are sent, and counts what became of each. */
  chaos(args) {
    install(forTests)
    buildFor('chaos')
    return script('main.ts', args, 'chaos', { NODE_ENV: 'production' })
  },

  /** Called by a bench that finds what it compares against absent. */
  'bench-peers'() {
    installBenchPeers()
    return 0
  },

  /** Writes the files of a new driver: of which channel, and what it is called. */
  'new-driver'(args) {
    return newDriver(args)
  },

  lint() {
    return commands.check(['lint'])
  },

  format(args) {
    install(everything)
    return tool('@biomejs/biome', ['format', '--write', ...args])
  },
}

function script(file, args, dir, env) {
  const cwd = join(root, dir)
  if (existsSync(join(cwd, file))) return node(['--import', 'tsx', file, ...args], { cwd, env })
  return missing(`${dir}/${file}`)
}

function missing(path) {
  console.error(`There is no ${path}.`)
  return 1
}

function benches() {
  return readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.bench.ts'))
}

const [command, ...rest] = process.argv.slice(2)
if (!Object.hasOwn(commands, command ?? '')) {
  console.error(`Usage: node scripts/run.mjs <${Object.keys(commands).join(' | ')}>`)
  process.exit(2)
}
process.exit(commands[command](rest))
