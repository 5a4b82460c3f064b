// What a driver of each channel is made of, read out of the sources of the packages: a channel is there once a package has it.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * The channels that a new driver can be for, by their names: those whose package says in one place what all of its drivers
 * have in common. In each, names and where they are declared, below the `src` of the package.
 */
export function channelsOf(packages) {
  const found = new Map()
  for (const folder of readdirSync(packages).filter((name) => name.startsWith('channel-'))) {
    const files = sourcesIn(join(packages, folder, 'src'))
    for (const source of files) {
      for (const [, type, name, address, content] of source.text.matchAll(channelType)) {
        const fields = fieldsOf(name, files)
        if (fields === undefined) continue
        const place = (word) => ({ name: word, file: declaredIn(word, source) })
        found.set(name, { folder, fields, type: place(type), address: place(address), content: place(content) })
      }
    }
  }
  return new Map([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function sourcesIn(src) {
  return readdirSync(src, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ file: name.replaceAll('\\', '/'), text: readFileSync(join(src, name), 'utf8') }))
}

/** `export type SmsChannel<...> = Channel<'sms', PhoneNumber, SmsContent, ...>` */
const channelType = /export type (\w+)(?:<[^>]*>)? = Channel<'(\w+)', (\w+), (\w+)[,>]/g

/** `export const voiceFields ...`, in the file that says `channel: 'voice'`. */
function fieldsOf(channel, files) {
  for (const { file, text } of files) {
    const name = /export (?:const|function) (\w*[Ff]ields(?:Of)?)\b/.exec(text)?.[1]
    if (name !== undefined && text.includes(`channel: '${channel}',`)) return { name, file }
  }
  return undefined
}

function declaredIn(word, { file, text }) {
  for (const [, names, from] of text.matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']*)\.js'/g))
    if (new RegExp(`\\b${word}\\b`).test(names)) return `${posix.join(posix.dirname(file), from)}.ts`
  return file
}
