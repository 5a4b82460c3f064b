import type { Counts } from '../report.js'
import type { ReceivedMail } from '../servers/mail-server.js'

/** What history tells of each provider is what its account sent at the server, and their shares are as they were set. */
export function checkProviders(
  received: readonly ReceivedMail[],
  counts: Counts,
  shares: Readonly<Record<string, number>>,
): string[] {
  const sent = Object.entries(counts).flatMap(([label, row]) => (label.endsWith(': sent') ? [row] : []))
  return Object.entries(shares).flatMap(([provider, share]) => {
    const found = received.filter(({ account }) => account === provider).length
    const told = sent.reduce((sum, row) => sum + (row[provider] ?? 0), 0)
    return [
      ...(told === found ? [] : [`${provider} sent ${found} mails, and history tells of ${told}`]),
      // Of 5,000 mails, a share of 0.7 is off by 0.05 less than once in 10^13 runs.
      ...(Math.abs(found / received.length - share) < 0.05 ? [] : [`${provider} sent ${found} of ${received.length}`]),
    ]
  })
}
