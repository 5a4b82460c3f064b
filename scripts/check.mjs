// Every guard of the workspace. All of them run, so that one failure does not hide another.
import { checkPackages } from './check-packages.mjs'
import { node, tool } from './shell.mjs'
import { packagesIn } from './workspace.mjs'

const guards = {
  format: () => tool('@biomejs/biome', ['format']),
  lint: () => tool('oxlint', ['--type-aware', '--deny-warnings']),
  types: () => tool('typescript', ['--noEmit']),
  'declared-types': () => tool('typescript', ['--noEmit', '-p', 'tsconfig.src.json']),
  'type-tests': () => tool('vitest', ['run', '--project', 'types']),
  boundaries: () => tool('dependency-cruiser', ['packages', 'examples', 'bench', 'chaos', 'test']),
  unused: () => tool('knip', []),
  packages: () => node(['scripts/run.mjs', 'build']) || checkPackages(),
  changesets: () => node(['scripts/check-changesets.mjs']),
  examples: () => Math.max(...packagesIn('examples').map(runExample)),
}

export function check(names) {
  const chosen = names.length > 0 ? names : Object.keys(guards)
  const unknown = chosen.filter((name) => !Object.hasOwn(guards, name))
  if (unknown.length > 0) return report(unknown, `No such guard; there are ${Object.keys(guards).join(', ')}`)
  return report(chosen.filter(fails), 'Failed')
}

function fails(name) {
  console.log(`\n── ${name}`)
  return guards[name]() !== 0
}

function report(names, problem) {
  console.log(names.length === 0 ? '\nNothing failed.' : `\n${problem}: ${names.join(', ')}`)
  return names.length === 0 ? 0 : 1
}

function runExample(dir) {
  console.log(dir)
  return node(['scripts/run.mjs', 'start', dir.slice('examples/'.length)])
}
