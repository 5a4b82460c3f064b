// Writes the files of a new driver into a channel package, in the shape that all of them have. What is left to fill in is
// the vendor's call, and what its answers mean.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './shell.mjs'

const templates = join(root, 'scripts/new-driver')

const kinds = {
  sms: { address: 'PhoneNumber', from: 'address/phone-number', content: 'SmsContent', to: '+4915112345678' },
}

export function newDriver([channel = '', name = ''], packages = join(root, 'packages')) {
  const kind = Object.hasOwn(kinds, channel) ? kinds[channel] : undefined
  const dir = join(packages, `channel-${channel}`)
  if (kind === undefined || !/^[a-z][a-z0-9-]{0,30}$/.test(name)) return usage()
  if (existsSync(join(dir, 'src', name))) return problem(`There is a driver '${name}' in ${dir} already.`)
  const words = wordsOf(channel, name, kind)
  for (const file of ['vendor.ts', 'vendor-options.ts', 'vendor-outcome.ts', 'vendor-request.ts']) {
    write(join(dir, 'src', name, file.replace('vendor', name)), fill(file, words))
  }
  write(join(dir, 'test', `${name}.test.ts`), fill('vendor.test.ts', words))
  const index = join(dir, 'src/index.ts')
  writeFileSync(index, readFileSync(index, 'utf8') + fill('index.ts', words))
  console.log(
    `packages/channel-${channel}/src/${name}: fill in ${name}-request.ts, ${name}-outcome.ts and the answers of its test.`,
  )
  return 0
}

function wordsOf(channel, name, kind) {
  const camel = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase())
  return {
    VENDOR_FILE: name,
    VENDOR_NAME: camel,
    VENDOR_TYPE: capital(camel),
    CHANNEL_NAME: channel,
    CHANNEL_TYPE: capital(channel),
    ADDRESS_FILE: kind.from,
    ADDRESS_TYPE: kind.address,
    CONTENT_TYPE: kind.content,
    ADDRESS: kind.to,
  }
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1)
}

function fill(file, words) {
  const text = readFileSync(join(templates, `${file}.txt`), 'utf8')
  return text.replaceAll(/__([A-Z_]+?)__/g, (_, word) => words[word])
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function usage() {
  return problem(
    `Usage: npm run new-driver -- <${Object.keys(kinds).join(' | ')}> <name>, a name of small letters, digits and -`,
  )
}

function problem(text) {
  console.error(text)
  return 2
}
