import { channelOf } from '@reachkit/core/spec'
import { createRobotDriver } from '../robots/robot-driver.js'
import { type RobotOptions, resolveRobotOptions } from '../robots/robot-options.js'
import { type DingTalkChannel, dingtalkFields } from './dingtalk-channel.js'
import { dingtalkOutcome } from './dingtalk-outcome.js'
import { dingtalkRequest } from './dingtalk-request.js'

/** 460101: "the message is longer than 20,000 bytes". */
const maxBytes = 20_000

/**
 * Messages of custom robots in groups of DingTalk. The address is the name of a robot. DingTalk tells no id of a message,
 * does not deduplicate, and takes 20 messages a minute of each robot (`rate` keeps to that).
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function dingtalk(options: RobotOptions): DingTalkChannel {
  const settings = resolveRobotOptions('dingtalk', options, ['url', 'secret'])
  return channelOf(
    createRobotDriver({
      fields: dingtalkFields,
      settings,
      maxBytes,
      requestOf: dingtalkRequest,
      outcomeOf: dingtalkOutcome,
    }),
  )
}
