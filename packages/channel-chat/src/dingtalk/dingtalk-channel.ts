import type { Channel } from '@reachkit/core/spec'
import type { DriverFields } from '@reachkit/driver-kit'
import { type RobotName, robotNameSchema } from '../robots/robot-name.js'
import { type DingTalkContent, dingtalkContentSchema } from './dingtalk-content.js'

export type DingTalkChannel = Channel<'dingtalk', RobotName, DingTalkContent>

declare global {
  interface ReachChannels {
    dingtalk: DingTalkChannel
  }
}

export const dingtalkFields: DriverFields<'dingtalk', RobotName, DingTalkContent> = {
  specVersion: 1,
  channel: 'dingtalk',
  addressing: 'address',
  address: robotNameSchema,
  content: dingtalkContentSchema,
  html: [],
}
