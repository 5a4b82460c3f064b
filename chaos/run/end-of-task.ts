import { setTimeout as wait } from 'node:timers/promises'
import { recipientNumber } from '../app/recipient-id.js'
import type { Campaign } from './campaign.js'
import type { Stage } from './stage.js'

/** Waits until the task has ended; answers the state of each recipient's message in the moment of that. */
export async function statesOfTask(campaign: Campaign, { lookup, until, journal }: Stage): Promise<readonly string[]> {
  const { number } = campaign
  let stands = await lookup.task(number)
  while (stands.state !== 'done' && performance.now() < until) {
    await wait(200)
    stands = await lookup.task(number)
  }
  const states = readPeople(campaign, await lookup.people(number))
  for (; stands.openRuns > 0 && performance.now() < until; stands = await lookup.task(number)) await wait(200)
  journal.note(`the task is ${stands.state}, and ${stands.openRuns} runs are open`)
  if (stands.openRuns > 0) campaign.failures.push(`${stands.openRuns} runs did not end`)
  return states
}

/** A recipient of two messages is no good, whatever they are. */
function readPeople(campaign: Campaign, people: readonly (readonly [string, string, string])[]): readonly string[] {
  const ids = Array.from<string | undefined>(campaign.ids)
  const states = ids.map(() => 'absent')
  for (const [recipient, id, status] of people) {
    const at = recipientNumber(recipient)
    states[at] = ids[at] === undefined ? status : 'two messages'
    ids[at] = id
  }
  campaign.ids = ids
  return states
}

/** What its report says has to be what the ledger has. */
export async function checkReport(campaign: Campaign, states: readonly string[]): Promise<void> {
  const { state, read, messages, runs } = await campaign.report()
  const { duplicate = 0, ...counts } = messages
  const told = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const { comeTwice } = campaign
  const fits =
    state === 'done' &&
    runs.length === 1 &&
    read === states.length + comeTwice &&
    duplicate === comeTwice &&
    told === states.length
  if (!fits) campaign.failures.push(`the report says ${JSON.stringify({ state, read, messages, runs: runs.length })}`)
}
