import { readFileSync } from 'node:fs'
import type { TaskReport } from '@reachkit/core'
import type { Customers } from './make-customers.js'
import type { PostOffice } from './post-office.js'

/** Sentences on what is not as it should be. */
export function problemsOf(
  { texts, badLines }: Customers,
  { got }: PostOffice,
  rejects: string,
  report: TaskReport | undefined,
): readonly string[] {
  const wrong = [...texts].filter(([address, text]) => got.get(address)?.join('|') !== text)
  const extra = [...got.keys()].filter((address) => !texts.has(address))
  const told = new Set(
    readFileSync(rejects, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { line: number }).line),
  )
  const untold = badLines.filter((line) => !told.has(line))
  return [
    ...(wrong.length > 0
      ? [`${wrong.length} customers did not get one letter with the right text, such as ${wrong[0]?.[0]}`]
      : []),
    ...(extra.length > 0 ? [`${extra.length} letters went to nobody's box, such as ${extra[0]}`] : []),
    ...(untold.length > 0 || told.size !== badLines.length
      ? [`rejects: ${[...told].join(' ')}, and not ${badLines.join(' ')}`]
      : []),
    ...(report?.state === 'done' ? [] : [`the task is ${report?.state ?? 'not told of'}`]),
    ...(report?.messages.sent === texts.size ? [] : [`the report says ${JSON.stringify(report?.messages)}`]),
    ...(report?.rejects === badLines.length ? [] : [`the report says ${report?.rejects} rejects`]),
  ]
}
