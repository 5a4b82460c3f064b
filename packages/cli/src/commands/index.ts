import type { Command } from './command.js'
import { list } from './list.js'
import { approve, cancel, pause, reject, resume } from './move.js'
import { preview } from './preview.js'
import { report } from './report.js'
import { resend } from './resend.js'
import { run } from './run.js'
import { status } from './status.js'

export const commands: readonly Command[] = [
  run,
  preview,
  list,
  status,
  report,
  pause,
  resume,
  cancel,
  approve,
  reject,
  resend,
]
