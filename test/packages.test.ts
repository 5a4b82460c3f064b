import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

describe.each(entries())('$entry, as built,', ({ entry, dir }) => {
  test('is loaded by import and by require, with the same exports', () => {
    const imported = evaluate(dir, `import(${JSON.stringify(entry)}).then(print)`)
    const required = evaluate(dir, `print(require(${JSON.stringify(entry)}))`)
    expect(required).toEqual(imported)
  })

  test('loads Liquid and cron only when they are used', () => {
    const loaded = evaluate(dir, `require(${JSON.stringify(entry)}); print(require.cache)`)
    expect(loaded.filter((file) => /node_modules.(liquidjs|cron-parser|luxon|cockatiel)\b/.test(file))).toEqual([])
  })
})

/** Every way into every package, as its `exports` list them. */
function entries(): { entry: string; dir: string }[] {
  return readdirSync(packages)
    .map((name) => `${packages}/${name}`)
    .filter((dir) => existsSync(`${dir}/package.json`))
    .flatMap((dir) => {
      const { name, exports }: Manifest = JSON.parse(readFileSync(`${dir}/package.json`, 'utf8'))
      const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'))
      return paths.map((path) => ({ entry: name + path.slice(1), dir }))
    })
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Runs code in a process of its own, in the package's folder, where its own name leads to what was built. */
function evaluate(dir: string, code: string): string[] {
  const print = 'const print = (found) => console.log(JSON.stringify(Object.keys(found).sort()));'
  // Without this flag a newer Node would also `require` modules that an older one refuses.
  const output = execFileSync(process.execPath, ['--no-experimental-require-module', '-e', print + code], {
    cwd: dir,
    encoding: 'utf8',
  })
  return JSON.parse(output)
}
