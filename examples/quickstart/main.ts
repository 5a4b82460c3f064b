// A small shop that reaches its customers with Reachkit. Everything runs on this machine: nobody gets a mail.
// Read shop/ first: that is what an application writes. The rest is a mail server to send to, and a check of what it got.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runCampaign } from './campaign/run-campaign.js'
import { differences } from './check/lists.js'
import { checkMails } from './check/mails.js'
import { checkProviders } from './check/providers.js'
import { checkRefused } from './check/refused.js'
import { makeRecipients } from './data/make-recipients.js'
import { byReason, caughtUp, countMessages } from './report.js'
import { leaveReminder } from './restart/leave-reminder.js'
import { startMailServer } from './servers/mail-server.js'
import { startPagerGateway } from './servers/pager-gateway.js'
import { openReach } from './shop/reach.js'
import { createShop } from './shop/shop.js'

const mail = await startMailServer()
const gateway = await startPagerGateway()
const folder = await mkdtemp(join(tmpdir(), 'reachkit-shop-'))
const services = { mail, pagerUrl: gateway.url, file: join(folder, 'reach.db') }

heading('A restart: a process accepts a reminder for in a second, and is killed')
const left = await leaveReminder(services)
const reach = openReach(services)
const shop = createShop(reach)
const reminder = await shop.leaveCart('ben', 'cart-1', ['a red umbrella', 'two cups'])
const survived = reminder.deduplicated && reminder.id === left
console.log('this process opens the same file. The reminder is there:', survived)

heading('One message')
const paid = await shop.pay('ann', 'A1')
console.log('order.paid to ann:', (await paid.settled()).outcome)
const again = await shop.pay('ann', 'A1')
console.log('the same order once more: deduplicated:', again.deduplicated, '- the same id:', again.id === paid.id)

heading('A one-time password, priority P0')
// A new connection takes 100 ms: so long the server waits with its greeting, to see who talks too early.
console.log(`with the mail server after ${await timed(() => shop.logIn('carl@mail.example', '271828'))} ms`)

heading('A channel of our own')
await reach.receivers.set('server.down', ['dora', 'emil'])
const alarm = await shop.serverDown('db-1')
await alarm.settled()
console.log(`${alarm.ids.length} people are told; on the pager: ${gateway.pages.map(({ text }) => text).join(', ')}`)

heading('Why does emil get a mail instead? Nothing is sent to find out')
const { decisions } = await reach.explain('server.down', 'emil', { server: 'db-1' })
for (const { name, channel, verdict, reason } of decisions) {
  console.log(`${name}, ${channel ?? 'message'}: ${verdict}${reason === undefined ? '' : `, ${reason.code}`}`)
}

heading('A wrong key')
await shop.misspelled().catch((error: Error) => console.log(error.message))

heading('A campaign to the recipients of a file, and a one-time password in the middle of it')
const file = new URL('data/recipients.csv', import.meta.url)
const season = 'spring 2026'
const running = runCampaign(reach, file, season)
while (mail.received.length < 2_500) await delay(10)
const overtakingMs = await timed(() => shop.logIn('dora@mail.example', '314159'))
const campaign = await running
const seconds = campaign.durationMs / 1_000
console.log(
  `${campaign.sent} mails in ${seconds.toFixed(1)} s, ${Math.round(campaign.sent / seconds)} a second; server and sender share this process`,
)
console.log(`the password, asked for half-way, was with the mail server after ${overtakingMs} ms`)

heading('What was sent, and by which provider')
await reminder.settled()
await caughtUp(reach)
const remembered = await reach.timeline(reminder.id)
const counts = await countMessages(reach)
console.table(counts)

heading('What was refused, and why')
console.table(byReason(campaign.refused))

await reach.stop()
await mail.stop()
await gateway.stop()
await rm(folder, { recursive: true })

const { csv, expected } = makeRecipients()
const offers = expected.recipients.map(({ name, email }) => ({
  to: email,
  subject: `${name === '' ? 'Dear customer' : name}, ${season} is here`,
  html: /Tulips: 7\.95 €[^]+Salt &amp; pepper: 4\.99 €/,
}))
const singles = [
  { to: 'ann@mail.example', subject: 'Order A1 is paid' },
  { to: 'carl@mail.example', subject: '271828 is your code' },
  { to: 'dora@mail.example', subject: '314159 is your code' },
  { to: 'ben@work.example.org', subject: '2 things are in your cart' },
  { to: 'emil@shop.example', subject: 'db-1 is down' },
]
const problems = [
  ...(readFileSync(file, 'utf8') === csv ? [] : ['recipients.csv is not what make-recipients.ts makes']),
  ...(await checkMails(mail.received, [...singles, ...offers])),
  ...checkProviders(mail.received, counts, { north: 0.7, south: 0.3 }),
  ...checkRefused(campaign.refused, expected),
  ...differences(
    'pages',
    gateway.pages.map(({ to, text }) => `${to}: ${text}`),
    ['4711: db-1 is down'],
  ),
  ...(waitedMs() >= 1_000 ? [] : [`the reminder waited ${waitedMs()} ms`]),
  ...(survived ? [] : ['what the killed process had accepted was not there']),
  ...(again.deduplicated && again.id === paid.id ? [] : ['the second call was not deduplicated']),
]
for (const problem of problems) console.error('not as expected:', problem)
if (problems.length > 0) process.exit(1)
console.log(`
checked: the mail server got ${mail.received.length} mails: each recipient one of each, with the right subject and body
checked: ${campaign.refused.length} lines were refused, each for its own reason
checked: the reminder of the process that was killed went out once, after its second
checked: history and server agree on each provider, and the split is 70 to 30`)

/** Milliseconds from the call until the message is settled. */
async function timed(send: () => ReturnType<typeof shop.logIn>): Promise<string> {
  const start = performance.now()
  await (await send()).settled()
  return (performance.now() - start).toFixed(0)
}

/** From accepted to sent. */
function waitedMs(): number {
  const [accepted] = remembered
  const sent = remembered.find(({ kind }) => kind === 'sent')
  return accepted === undefined || sent === undefined ? 0 : sent.at.getTime() - accepted.at.getTime()
}

function heading(text: string): void {
  console.log(`\n── ${text}`)
}
