import { channelOf } from '@reachkit/core/spec'
import { createRobotDriver } from '../robots/robot-driver.js'
import { type RobotOptions, resolveRobotOptions } from '../robots/robot-options.js'
import type { Robot } from '../robots/robots.js'
import { type SlackChannel, slackFields } from './slack-channel.js'
import { slackOutcome } from './slack-outcome.js'
import { slackRequest } from './slack-request.js'

export type SlackOptions = RobotOptions<Pick<Robot, 'url'>>

/**
 * Messages by incoming webhooks of Slack. The address is the name of a webhook. Slack tells no id of a message, does not
 * deduplicate, and takes about one message a second of each webhook; its Retry-After is honoured.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function slack(options: SlackOptions): SlackChannel {
  const settings = resolveRobotOptions('slack', options, ['url'])
  return channelOf(
    createRobotDriver({ fields: slackFields, settings, requestOf: slackRequest, outcomeOf: slackOutcome }),
  )
}
