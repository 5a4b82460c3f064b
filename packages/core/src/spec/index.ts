/** The contracts that drivers, stores, gates and directories are written against. Imports nothing else of core. */
export type { Clock } from './clock.js'
export type { Random } from './random.js'
export type { Logger } from './logger.js'
export { ReachError, errorCodes, isReachError } from './errors.js'
export type { ReachErrorCode } from './errors.js'
export { reasonCodes } from './reasons.js'
export type { Reason, ReasonCode } from './reasons.js'
export { lanes, messageId, parseMessageId } from './message.js'
export type { Lane, MessageLabels, MessageOutcome, MessageRecord, MessageState, Purpose } from './message.js'
export type { Directory, DirectoryContext, Recipient } from './recipient.js'
export { attributePath } from './attribute-path.js'
export { compareTexts } from './compare-texts.js'
export { widenSegment } from './widen-segment.js'
export type { WidenedSegment } from './widen-segment.js'
export { windowStart } from './window-start.js'
export type {
  AttributeCondition,
  Comparisons,
  Condition,
  EventCondition,
  GroupCondition,
  ReceivedCondition,
  Segment,
  SegmentScalar,
  ZoneCondition,
} from './segment.js'
export type {
  AudienceContext,
  AudienceFactory,
  AudienceItem,
  AudiencePage,
  AudiencePageRequest,
  AudienceReject,
  AudienceSource,
  Profile,
} from './audience.js'
export type { Book, BookEvent, BookPage, BookQuery, ListItem } from './book.js'
export { isConsuming, pass } from './gate.js'
export type { AttemptReport, ConsumingGate, Gate, GateContext, GateItem, Verdict } from './gate.js'
export type { Cargo, Envelope, Pool, PoolConsumer, PoolDepth } from './pool.js'
export type {
  Addition,
  BucketAnswer,
  BucketTake,
  BudgetLevel,
  BudgetLine,
  Remembered,
  State,
  StateDocument,
  WindowAnswer,
  WindowEntry,
} from './state.js'
export { NotSentError, invalidAddress, isNotSentError, rejected, retry, sent, unknown } from './driver.js'
export type {
  ChannelDriver,
  Cost,
  DeliveryContext,
  DeliveryOutcome,
  DeliveryRequest,
  DriverCapabilities,
  DriverEvent,
  Receipt,
  ReceiptKind,
  ReceiptSource,
  Rejected,
  Retry,
  Sent,
  Unknown,
  WebhookRequest,
} from './driver.js'
export { channelOf } from './channel.js'
export type { AddressOf, AnyChannel, Channel, ContentOf, Stickiness, TemplatedOf, WeightedDriver } from './channel.js'
export type {
  History,
  HistoryEvent,
  HistoryFilter,
  HistoryKind,
  HistoryPage,
  HistoryRow,
  TimelineEntry,
} from './history.js'
export { deadLeaseLimit, parcelLimit } from './ledger.js'
export { shownName } from './shown-name.js'
export type {
  Acceptance,
  BeginAnswer,
  BeginRequest,
  CancelAnswer,
  Change,
  ChangeAnswer,
  Claim,
  ClaimGranted,
  DeadLease,
  ClaimRequest,
  ClaimedMessage,
  CursorMove,
  Lease,
  Ledger,
  LedgerCapabilities,
  MessageStatus,
  NewEntry,
  NewMessage,
  NewParcel,
  NewRun,
  PendingEntry,
  PendingFilter,
  ReservationEnd,
  RunBegin,
  RunBegun,
  RunParcel,
  RunRecord,
  SettleAnswer,
  SettleResult,
  Settled,
  Settlement,
  TaskPage,
  TaskRecord,
  TaskSaved,
} from './ledger.js'
export type {
  AnyOutbox,
  Outbox,
  OutboxBacklog,
  OutboxRow,
  PoolContext,
  PoolSource,
  Store,
  StoreContext,
  StoreParts,
} from './store.js'
