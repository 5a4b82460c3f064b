import type { Channel } from '@reachkit/core/spec'
import type { DriverFields } from '@reachkit/driver-kit'
import { type RobotName, robotNameSchema } from '../robots/robot-name.js'
import { type SlackContent, slackContentSchema } from './slack-content.js'

export type SlackChannel = Channel<'slack', RobotName, SlackContent>

declare global {
  interface ReachChannels {
    slack: SlackChannel
  }
}

export const slackFields: DriverFields<'slack', RobotName, SlackContent> = {
  specVersion: 1,
  channel: 'slack',
  addressing: 'address',
  address: robotNameSchema,
  content: slackContentSchema,
  html: ['mrkdwn', 'blocks'],
}
