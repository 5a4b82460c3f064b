export { createReach } from './reach/create-reach.js'
export { receivers } from './reach/receivers.js'
export type { Receivers } from './reach/receivers.js'
export type {
  CreateReach,
  InputsOf,
  MessageChange,
  Reach,
  ReceiptsRecorded,
  ReceiverSettings,
  WeightSettings,
} from './reach/types.js'
export type {
  Accepted,
  AcceptedMessage,
  Notifier,
  NotifyArguments,
  NotifyOptions,
  SettledMessage,
} from './reach/notify-types.js'
export type {
  HeldFilter,
  LaneStats,
  OperatorNote,
  OperatorResult,
  ReachStats,
  RedriveFilter,
  RedriveOptions,
  Resolution,
  ResolveOptions,
} from './operators/types.js'
export type { Decision, Explanation } from './reach/explanation.js'
export type {
  MessageFilter,
  MessagePage,
  MessageRow,
  MessageView,
  PageRequest,
  TimelineEvent,
  TimelineOf,
} from './reach/message-views.js'
export type { HealthEvent } from './health/health-event.js'
export type { HealthOptions } from './health/health-options.js'
export type { MoveReason } from './health/judge.js'
export type { ReachEvent } from './reach/reach-event.js'
export type { ReachOptions } from './reach/reach-options.js'
export type { SpoolOptions } from './spool/spool-options.js'
export { engineSlotOf } from './engine/engine-slot.js'
export type { EngineSlot } from './engine/engine-slot.js'
export type { EngineOptions } from './engine/engine-options.js'
export type {
  DirectoryOption,
  InlineRecipient,
  OneRecipient,
  Person,
  ReadDirectory,
  To,
} from './reach/recipient-types.js'
export type {
  BookRecipient,
  RecipientFilter,
  RecipientList,
  RecipientPage,
  RecipientSource,
  Recipients,
  RecipientsUpserted,
  TenantOption,
  UpsertOptions,
} from './recipients/index.js'
export { message } from './message/index.js'
export type { AnyMessage, InputOf, Message, MessageOptions, NoData, RetryOptions } from './message/index.js'
export { all, firstOf, split } from './route/index.js'
export type { FirstOf, KnownChannelOrRoute, NamesOf, Route, Split } from './route/index.js'
export { channel, defaultCapabilities, driver, failover, preview, weighted } from './channel/index.js'
export type {
  AttemptContext,
  ChannelOptions,
  DriverOptions,
  JsonResponse,
  PreviewOptions,
  ProviderOptions,
  WeightedChannel,
} from './channel/index.js'
export { trigger } from './triggers/index.js'
export type { Emitted, Trigger, TriggerOptions } from './triggers/index.js'
export { column } from './tasks/index.js'
export type {
  ApprovalCondition,
  ApprovalPolicy,
  ApprovalStep,
  ArchiveStep,
  Column,
  HoursOption,
  MachineStep,
  PersonStep,
  ReviewAnswer,
  TaskReview,
  RateText,
  ResendOptions,
  Tally,
  TaskApproval,
  TaskData,
  TaskEdit,
  TaskEvent,
  TaskFilter,
  TaskHandle,
  TaskMove,
  TaskNote,
  TaskOptions,
  TaskPreview,
  TaskProgress,
  TaskReport,
  TaskRunView,
  Tasks,
  TaskSettings,
  TaskState,
  TaskVerb,
  TaskView,
} from './tasks/index.js'
export { memoryStore } from './memory/index.js'
export type { MemoryOptions } from './memory/index.js'
export { after, at, cron, every, firingsBetween, missedFirings, nextFiring, parseSchedule } from './schedule/index.js'
export type {
  AfterSchedule,
  AtSchedule,
  CalendarOptions,
  CalendarPeriod,
  CalendarSchedule,
  CalendarUnit,
  ClockPeriod,
  ClockUnit,
  CronOptions,
  CronSchedule,
  EveryOptions,
  IntervalSchedule,
  LocalSchedule,
  MissedPolicy,
  Schedule,
  ScheduleContext,
  ScheduleZone,
} from './schedule/index.js'
export { judgeSegment, parseSegment, segmentFacts, where } from './segment/index.js'
export type { AttributeRule, Lately, SegmentFacts, Where } from './segment/index.js'
export { audience, csv, difference, ids, intersection, ndjson, sample, segment, union } from './audience/index.js'
export type {
  Audience,
  AudienceMember,
  AudienceOption,
  CsvOptions,
  FileOptions,
  NamedAudience,
  NamedAudienceOptions,
  NamedPage,
  SampleOptions,
} from './audience/index.js'
export { createSplitter, createStickySplitter } from './splitter/index.js'
export type { Splitter, StickySplitter } from './splitter/index.js'
export type { Duration } from './duration/index.js'
export * from './spec/index.js'
