import type { Channel } from '@reachkit/core/spec'
import type { DriverFields } from '@reachkit/driver-kit'
import { type RobotName, robotNameSchema } from '../robots/robot-name.js'
import { type FeishuContent, feishuContentSchema } from './feishu-content.js'

export type FeishuChannel = Channel<'feishu', RobotName, FeishuContent>

declare global {
  interface ReachChannels {
    feishu: FeishuChannel
  }
}

export const feishuFields: DriverFields<'feishu', RobotName, FeishuContent> = {
  specVersion: 1,
  channel: 'feishu',
  addressing: 'address',
  address: robotNameSchema,
  content: feishuContentSchema,
  html: [],
}
