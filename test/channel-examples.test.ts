import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from './support/documents.js'

/** What channel packages export beside their drivers. Whatever else they export as a value is a driver. */
const helpers: ReadonlySet<string> = new Set(['countSegments', 'isPhoneNumber'])
const folder = `${root}examples/channels/`
const main = readFileSync(`${folder}main.ts`, 'utf8')
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => ({ file, code: readFileSync(folder + file, 'utf8') }))

test.each(drivers())('$driver of $name has its example', ({ driver, name }) => {
  const showing = examples.filter(
    ({ code }) => namesFrom(code, name).includes(driver) && new RegExp(`\\b${driver}\\(`).test(code),
  )
  expect(showing.map(({ file }) => file)).not.toEqual([])
})

test.each(examples)('$file is run by main.ts, whole', ({ file, code }) => {
  const shown = [...code.matchAll(/^export async function (\w+)/gm)].map(([, name]) => name)
  expect(shown).not.toEqual([])
  expect(new Set(namesFrom(main, `./${file.replace(/\.ts$/, '.js')}`))).toEqual(new Set(shown))
  for (const name of shown) expect(main).toContain(`, ${name}],`)
})

/** The names of every driver of every channel package, as its index lists them. */
function drivers(): { driver: string; name: string }[] {
  return readdirSync(`${root}packages`)
    .filter((dir) => dir.startsWith('channel-'))
    .flatMap((dir) => {
      const index = readFileSync(`${root}packages/${dir}/src/index.ts`, 'utf8')
      const values = [...index.matchAll(/^export \{([^}]*)\} from/gm)].flatMap(([, list = '']) => listed(list))
      return values.filter((value) => !helpers.has(value)).map((driver) => ({ driver, name: `@reachkit/${dir}` }))
    })
}

/** The values that a file imports from a module. */
function namesFrom(code: string, module: string): readonly string[] {
  return [...code.matchAll(/^import \{([^}]*)\} from '([^']*)'/gm)]
    .filter(([, , from]) => from === module)
    .flatMap(([, list = '']) => listed(list))
}

function listed(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
}
