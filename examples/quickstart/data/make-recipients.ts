// Makes recipients.csv: the same bytes each time. `npm run recipients` writes the file anew.
// It also tells what must come of it, so that main.ts has something to check against that never saw the parser.
import { realpathSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Expected {
  /** Everybody who must get the mail, once. */
  readonly recipients: readonly { readonly name: string; readonly email: string }[]
  /** Lines that are no recipient: told by the CSV itself. */
  readonly unreadable: readonly number[]
  /** Lines whose address cannot be mailed. */
  readonly malformed: readonly number[]
  /** Lines of mailboxes that the mail server does not have. */
  readonly closed: readonly number[]
  /** Lines that name an address for the second time. */
  readonly repeated: readonly number[]
}

const given = [
  'Ann',
  'Ben',
  'Søren',
  'Zoë',
  'José',
  'Jürgen',
  '伟',
  '芳',
  '小明',
  'さくら',
  '민준',
  'محمد',
  'נועה',
  'Olga',
  'Ιωάννα',
]
const family = [
  'Lee',
  'Müller',
  'Großmann',
  "O'Brien",
  'García',
  '王',
  '李',
  '欧阳',
  'الفارسي',
  'כהן',
  'van der Berg',
  'Smith, Jr.',
  'Đorđević',
  'Wiśniewska 🌷',
  'Nowak',
]
const cities = ['Berlin', '上海', 'Zürich', 'São Paulo', 'دبي', 'Łódź', '']
const hosts = ['mail.example', 'post.example.com', 'work.example.org', '例子.example']
const notes = [
  '',
  '',
  '',
  'prefers "slow" mail',
  'call first,\nthen write',
  'two\r\nlines',
  '50 % off, please',
  '👩‍👩‍👧',
]

/** A row that is fine, as many as `count`; each name and address another one. */
function goodRow(index: number): readonly string[] {
  const name = `${pick(given, index * 7)} ${pick(family, index * 11 + Math.floor(index / 15))}`
  return [name, `customer.${index}@${pick(hosts, index * 3)}`, pick(cities, index), pick(notes, index * 5)]
}

const malformed = [
  'ann.example.com',
  'ann@',
  '@mail.example',
  'ann@mail..example',
  'ann smith@mail.example',
  'a@b.example,c@d.example',
  'ann@mail.example\nBcc: eve@mail.example',
]
const unreadable = [
  'one column',
  'Bob,bob@mail.example',
  'Smith, Bob,bob@mail.example,Berlin,',
  'Bob "Bobby" Lee,bob@mail.example,Berlin,',
  'Nobody,,Berlin,',
  ',   ,,',
]

/** The file, and what must come of it. */
export function makeRecipients(): { readonly csv: string; readonly expected: Expected } {
  const file = new CsvFile('name,email,city,note')
  const recipients = []
  const lines = {
    unreadable: [] as number[],
    malformed: [] as number[],
    closed: [] as number[],
    repeated: [] as number[],
  }
  for (let index = 1; index <= 5_000; index += 1) {
    const [name = '', email = '', city = '', note = ''] = rowOf(index)
    file.add(quoted([name, email, city, note]))
    recipients.push({ name: name.trim().replaceAll(/\s+/g, ' '), email })
    if (index % 700 === 0) lines.malformed.push(file.add(quoted([name, pick(malformed, index / 700 - 1), city, note])))
    if (index % 800 === 0) lines.unreadable.push(file.add(pick(unreadable, index / 800 - 1)))
    if (index % 450 === 0) lines.repeated.push(file.add(quoted([name, again(email, index / 450), city, note])))
    if (index % 400 === 0) lines.closed.push(file.add(quoted([name, `closed.${index}@mail.example`, city, note])))
    if (index % 900 === 0) file.add(index % 1_800 === 0 ? '' : '   ')
  }
  // A quote that nobody closes takes the rest of the file with it: here that is nothing else.
  lines.unreadable.push(file.add('Eve,eve@mail.example,Berlin,"never closed'))
  return { csv: file.text, expected: { recipients, ...lines } }
}

/** Now and then a name that is blank, or of two lines, and a mailbox that is busy at the first attempt. */
function rowOf(index: number): readonly string[] {
  const [name = '', email = '', ...rest] = goodRow(index)
  if (index % 1_000 === 0) return [`  Dr.\n${name} `, email, ...rest]
  if (index % 999 === 0) return ['', email, ...rest]
  return index % 1_111 === 0 ? [name, `busy.${email}`, ...rest] : [name, email, ...rest]
}

/** The same mailbox, written as people write it. */
function again(email: string, time: number): string {
  return pick([email, email.toUpperCase(), ` ${email} `, email.replace('c', 'C')], time)
}

class CsvFile {
  text: string
  #lines = 1

  constructor(header: string) {
    this.text = `\uFEFF${header}\r\n`
  }

  /** Adds a row, and answers the line that it begins on. */
  add(row: string): number {
    const line = this.#lines + 1
    this.text += `${row}\r\n`
    this.#lines += row.split('\n').length
    return line
  }
}

function quoted(row: readonly string[]): string {
  return row.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? ''
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('recipients.csv', import.meta.url), makeRecipients().csv)
}
