import type { HistoryFilter, HistoryRow, MessageRecord, TimelineEntry } from '../spec/index.js'
import type { StoredRecipient } from '../directory/inline-recipient.js'
import { isUnnamed } from '../directory/inline-recipient.js'
import type { MessageFilter, MessageRow, MessageView, TimelineEvent } from './message-views.js'

/** A record of the ledger as people see it. */
export function viewOf(record: MessageRecord): MessageView {
  const { id, tenant, type, labels, sandbox, state, step, outcome, reason, into } = record
  return {
    id,
    tenant,
    type,
    recipient: recipientView(record),
    data: JSON.parse(record.data) as unknown,
    priority: record.lane,
    labels,
    sandbox,
    state,
    step,
    acceptedAt: new Date(record.acceptedAt),
    due: new Date(record.due),
    expires: record.expires === undefined ? undefined : new Date(record.expires),
    outcome,
    reason,
    into,
  }
}

function recipientView({ recipient, inline }: MessageRecord): MessageView['recipient'] {
  if (inline === undefined) return recipient
  const { addresses, ...known } = JSON.parse(inline) as StoredRecipient
  return { ...(isUnnamed(recipient) ? {} : { id: recipient }), ...known, ...addresses }
}

export function rowView({ lane: priority, acceptedAt, ...row }: HistoryRow): MessageRow {
  return { ...row, priority, acceptedAt: new Date(acceptedAt) }
}

export function eventView(entry: TimelineEntry): TimelineEvent {
  return { ...entry, at: new Date(entry.at) }
}

export function historyFilter({ priority, from, to, ...filter }: MessageFilter): HistoryFilter {
  return {
    ...filter,
    ...(priority !== undefined && { lane: priority }),
    ...(from !== undefined && { from: from.getTime() }),
    ...(to !== undefined && { to: to.getTime() }),
  }
}
