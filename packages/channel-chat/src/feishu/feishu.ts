import { channelOf } from '@reachkit/core/spec'
import { createRobotDriver } from '../robots/robot-driver.js'
import { type RobotOptions, resolveRobotOptions } from '../robots/robot-options.js'
import { type FeishuChannel, feishuFields } from './feishu-channel.js'
import { feishuOutcome } from './feishu-outcome.js'
import { feishuRequest } from './feishu-request.js'

/** "The data of a request must not be larger than 20 KB." */
const maxBytes = 20 * 1_024

/**
 * Messages of custom robots in groups of Feishu, or of Lark. The address is the name of a robot. Feishu tells no id of a
 * message, does not deduplicate, and takes 100 messages a minute and 5 a second of each robot (`rate` keeps to that).
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function feishu(options: RobotOptions): FeishuChannel {
  const settings = resolveRobotOptions('feishu', options, ['url', 'secret'])
  return channelOf(
    createRobotDriver({
      fields: feishuFields,
      settings,
      maxBytes,
      requestOf: feishuRequest,
      outcomeOf: feishuOutcome,
    }),
  )
}
