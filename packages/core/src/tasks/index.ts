export type {
  ApprovalCondition,
  ApprovalPolicy,
  ApprovalStep,
  ArchiveStep,
  MachineStep,
  PersonStep,
  ReviewAnswer,
  TaskReview,
} from './approval-policy.js'
export { column } from './column.js'
export type { Column } from './column.js'
export type { TaskMove } from './document.js'
export type { Tally } from './run-note.js'
export type { TaskState, TaskVerb } from './states.js'
export type { TaskEvent } from './task-event.js'
export type {
  HoursOption,
  RateText,
  ResendOptions,
  TaskApproval,
  TaskData,
  TaskEdit,
  TaskFilter,
  TaskHandle,
  TaskNote,
  TaskOptions,
  TaskPreview,
  TaskProgress,
  TaskReport,
  TaskRunView,
  Tasks,
  TaskSettings,
  TaskView,
} from './types.js'
