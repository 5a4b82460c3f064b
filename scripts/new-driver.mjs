// Writes the files of a new driver into a channel package, in the shape that all of them have. What is left to fill in is
// the vendor's call, and what its answers mean.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { channelsOf } from './new-driver/channels.mjs'
import { samples } from './new-driver/samples.mjs'
import { root } from './shell.mjs'

const templates = join(root, 'scripts/new-driver')

export function newDriver(args, packages = join(root, 'packages')) {
  const channels = channelsOf(packages)
  if (args.some((arg) => arg === '--help' || arg === '-h')) return help(channels)
  const [channel = '', name = ''] = args
  const parts = channels.get(channel)
  if (args.length !== 2 || parts === undefined || !/^[a-z][a-z0-9-]{0,30}$/.test(name))
    return problem(`${usage} (--help lists the channels)`)
  const dir = join(packages, parts.folder)
  const words = wordsOf(channel, name, parts)
  const index = join(dir, 'src/index.ts')
  const exported = readFileSync(index, 'utf8')
  if (existsSync(join(dir, 'src', name)) || new RegExp(`\\b${words.VENDOR_NAME}\\b`).test(exported))
    return problem(`${parts.folder} has a '${name}' already.`)
  for (const file of ['vendor.ts', 'vendor-options.ts', 'vendor-outcome.ts', 'vendor-request.ts']) {
    write(join(dir, 'src', name, file.replace('vendor', name)), fill(file, words))
  }
  write(join(dir, 'test', `${name}.test.ts`), fill('vendor.test.ts', words))
  writeFileSync(index, exported + fill('index.ts', words))
  console.log(
    `packages/${parts.folder}/src/${name}: fill in ${name}-request.ts, ${name}-outcome.ts and the answers of its test.`,
  )
  return 0
}

const usage = 'Usage: npm run new-driver -- <channel> <name>, a name of small letters, digits and -'

function help(channels) {
  console.log(`${usage}

Writes src/<name> and test/<name>.test.ts into the package of the channel, and exports the driver. Its test is the suite that
every driver passes; it fails until the vendor's call is written in <name>-request.ts. See docs/writing-a-driver.md.

Channels: ${[...channels.keys()].join(', ')}`)
  return 0
}

function wordsOf(channel, name, { fields, type, address, content }) {
  const camel = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase())
  const sample = samples[channel]
  return {
    VENDOR_FILE: name,
    VENDOR_NAME: camel,
    VENDOR_TYPE: capital(camel),
    CHANNEL_NAME: channel,
    CHANNEL_TYPE: type.name,
    CHANNEL_IMPORTS: importsOf([fields, { ...type, isType: true }]),
    FIELDS_NAME: fields.name,
    ADDRESS_TYPE: address.name,
    CONTENT_TYPE: content.name,
    MESSAGE_IMPORTS: importsOf([
      { ...address, isType: true },
      { ...content, isType: true },
    ]),
    ADDRESS: sample.address,
    TO: sample.to,
    CONTENT: sample.content,
  }
}

/** The import statements of what is declared elsewhere in the package, one a file. */
function importsOf(places) {
  const files = [...new Set(places.map(({ file }) => file))].toSorted()
  return files
    .map((file) => {
      const names = places.filter((place) => place.file === file)
      const onlyTypes = names.every(({ isType }) => isType)
      const list = names.map(({ name, isType }) => (isType && !onlyTypes ? `type ${name}` : name)).toSorted(byName)
      return `import ${onlyTypes ? 'type ' : ''}{ ${list.join(', ')} } from '../${file.replace(/\.ts$/, '.js')}'`
    })
    .join('\n')
}

function byName(one, other) {
  return one.replace('type ', '') < other.replace('type ', '') ? -1 : 1
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1)
}

/** A channel may have a template of its own, in a folder of its name. */
function fill(file, words) {
  const own = join(templates, words.CHANNEL_NAME, `${file}.txt`)
  const text = readFileSync(existsSync(own) ? own : join(templates, `${file}.txt`), 'utf8')
  return text.replaceAll(/__([A-Z_]+?)__/g, (_, word) => words[word])
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function problem(text) {
  console.error(text)
  return 2
}
