import type { Options } from './option.js'
import type { Input } from './parse-arguments.js'
import { readAudience } from './read-audience.js'
import { readData } from './read-data.js'
import { readSchedule } from './read-schedule.js'

/** A task in options instead of a file. */
export const taskOptions: Options = {
  message: { type: 'string', value: '<key>', help: 'the message type' },
  csv: { type: 'string', value: '<file>', help: 'the audience: a CSV with a header row' },
  ndjson: { type: 'string', value: '<file>', help: 'the audience: one JSON value a line' },
  segment: { type: 'string', value: '<json>', help: 'the audience: a rule over the recipient book' },
  ids: { type: 'string', value: '<a,b>', help: 'the audience: ids that the directory knows' },
  id: { type: 'string', value: '<column>', help: 'the column of a file that holds ids; `id` unless told' },
  address: { type: 'string', multiple: true, value: '<channel=column>', help: 'a column that holds addresses' },
  'zone-column': { type: 'string', value: '<column>', help: 'the column that holds time zones' },
  'locale-column': { type: 'string', value: '<column>', help: 'the column that holds locales' },
  encoding: { type: 'string', value: '<name>', help: 'utf-8, utf-16le, utf-16be, gbk or gb18030' },
  data: { type: 'string', multiple: true, value: '<name=text>', help: 'data; name=@column, or name:=json' },
  at: { type: 'string', value: '<time>', help: 'when: an instant, or with --zone a local time' },
  after: { type: 'string', value: '<duration>', help: 'when: so long from now' },
  every: { type: 'string', value: '<duration>', help: 'when: again and again' },
  cron: { type: 'string', value: '<fields>', help: 'when: a cron expression' },
  zone: { type: 'string', value: '<zone>', help: "of --at and --cron: a zone, or 'recipient'" },
  until: { type: 'string', value: '<instant>', help: 'no firing after that' },
  'max-runs': { type: 'string', value: '<n>', help: 'so many firings at most' },
  rate: { type: 'string', value: '<500/s>', help: 'at most so many messages' },
  number: { type: 'string', value: '<number>', help: 'what the task is called; made up unless given' },
  comment: { type: 'string', value: '<text>', help: 'what it is for' },
  priority: { type: 'string', value: '<lane>', help: 'P0 to P3; P3 unless told' },
  ttl: { type: 'string', value: '<duration>', help: 'how long after it was due a message may go out' },
  tenant: { type: 'string', value: '<tenant>', help: 'whose task it is' },
  sandbox: { type: 'boolean', help: 'do everything but send' },
  'max-rejects': { type: 'string', value: '<n>', help: 'pause at more rows that cannot be read' },
  'rejects-to': { type: 'string', value: '<file>', help: 'write those rows there, by line' },
  by: { type: 'string', value: '<name>', help: 'who asks; the user of this machine unless told' },
}

/** What `tasks.create` is given; core checks it. */
export function taskFromOptions(input: Input, cwd: string): Readonly<Record<string, unknown>> {
  const [at, after, every, cron, zone] = ['at', 'after', 'every', 'cron', 'zone'].map((name) => input.text(name))
  return {
    message: input.text('message'),
    audience: readAudience(input, cwd),
    data: readData(input.texts('data')),
    schedule: readSchedule({ at, after, every, cron, zone }),
    until: input.date('until'),
    maxRuns: input.whole('max-runs'),
    sandbox: input.flag('sandbox'),
    maxRejects: input.whole('max-rejects'),
    rejectsTo: input.text('rejects-to'),
    ...Object.fromEntries(
      ['rate', 'number', 'comment', 'priority', 'ttl', 'tenant'].map((name) => [name, input.text(name)]),
    ),
  }
}
