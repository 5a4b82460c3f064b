import { OptionReader, isFields } from '../options/index.js'

/** Refuses driver options of a wrong kind, with REACH_CHANNEL_INVALID; `known` are all the fields that may be there. */
export function assertDriverOptions(subject: string, options: unknown, known: readonly string[]): void {
  const reader = new OptionReader('REACH_CHANNEL_INVALID', subject, options, known)
  if (reader.func('deliver') === undefined) reader.refuse('deliver', 'a function that sends one message')
  reader.func('close')
  reader.func('estimate')
  reader.choice('addressing', ['address', 'recipient'])
  assertHtml(reader)
  assertReceipts(reader)
  assertCapabilities(subject, reader.raw('capabilities') ?? {})
  assertBatch(reader)
}

function assertHtml(reader: OptionReader): void {
  const html = reader.raw('html') ?? []
  if (!Array.isArray(html) || html.some((field) => typeof field !== 'string')) {
    reader.refuse('html', 'an array of the names of content fields')
  }
}

function assertReceipts(reader: OptionReader): void {
  const receipts = reader.raw('receipts')
  if (receipts === undefined) return
  if (isFields(receipts) && typeof receipts['verify'] === 'function' && typeof receipts['parse'] === 'function') return
  reader.refuse('receipts', 'an object with the functions verify and parse')
}

function assertCapabilities(subject: string, capabilities: unknown): void {
  const known = ['deduplicates', 'batch', 'concurrency', 'rate', 'timeoutMs', 'cost']
  const reader = new OptionReader('REACH_CHANNEL_INVALID', `${subject}, capabilities`, capabilities, known)
  reader.flag('deduplicates')
  reader.whole('batch', 1)
  reader.whole('concurrency', 1)
  reader.whole('timeoutMs', 1)
  assertRate(subject, reader.raw('rate'))
  assertCost(subject, reader.raw('cost'))
}

function assertRate(subject: string, rate: unknown): void {
  if (rate === undefined) return
  const place = `${subject}, capabilities.rate`
  const reader = new OptionReader('REACH_CHANNEL_INVALID', place, rate, ['count', 'perMs'])
  for (const field of ['count', 'perMs']) {
    if (reader.whole(field, 1) === undefined) reader.refuse(field, 'a whole number of at least 1')
  }
}

function assertCost(subject: string, cost: unknown): void {
  if (cost === undefined) return
  const place = `${subject}, capabilities.cost`
  const reader = new OptionReader('REACH_CHANNEL_INVALID', place, cost, ['currency', 'micros'])
  if (reader.text('currency') === undefined) reader.refuse('currency', "the code of a currency, such as 'EUR'")
  if (reader.whole('micros', 0) === undefined) reader.refuse('micros', 'a whole number of at least 0')
}

function assertBatch(reader: OptionReader): void {
  const capabilities = reader.raw('capabilities')
  const batch = isFields(capabilities) ? capabilities['batch'] : undefined
  const together = reader.func('deliverBatch') !== undefined
  if (together && batch === undefined) {
    reader.refuse('capabilities', 'given with `batch`, the most requests that deliverBatch takes')
  }
  if (!together && batch !== undefined && batch !== 1) {
    reader.refuse('deliverBatch', 'a function, where capabilities.batch is above 1')
  }
}
