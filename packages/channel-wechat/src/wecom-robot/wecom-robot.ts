import { channelOf, invalidAddress, sent } from '@reachkit/core/spec'
import { addressSchemaOf, createHttpDriver, type DriverFields, isRobotName, jsonRequest } from '@reachkit/driver-kit'
import type { WecomGroupChannel } from '../channels.js'
import { isTaken } from '../outcome/judge.js'
import { judgeWecom } from '../outcome/wecom-codes.js'
import { type WecomGroupContent, wecomGroupContentSchema } from './wecom-group-content.js'
import { resolveWecomRobotOptions, type WecomRobotOptions } from './wecom-robot-options.js'

const groupName = addressSchemaOf(
  (value) => (isRobotName(value) ? value : undefined),
  'must be the name of a robot in the options; its key is a secret, and no address',
)

const fields: DriverFields<'wecomGroup', string, WecomGroupContent> = {
  specVersion: 1,
  channel: 'wecomGroup',
  addressing: 'address',
  address: groupName,
  content: wecomGroupContentSchema,
  html: [],
}

/**
 * Robots in groups of WeCom, by "Group robots" (https://developer.work.weixin.qq.com/document/path/91770). The address of a
 * group is the name of its robot; the key stays in the options. One call an attempt; WeCom does not
 * deduplicate, and tells no id. What each code means is in `judgeWecom`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function wecomRobot(options: WecomRobotOptions): WecomGroupChannel {
  const settings = resolveWecomRobotOptions(options)
  return channelOf(
    createHttpDriver({
      fields,
      settings,
      async deliver(request, call, context) {
        const { to, content } = request
        const key = await settings.find(to)
        if (key === undefined) return invalidAddress('wecom no-such-robot')
        const url = `${settings.endpoint}/cgi-bin/webhook/send?key=${encodeURIComponent(key)}`
        const answer = await call(jsonRequest(url, messageOf(content)))
        return isTaken(answer) ? sent() : judgeWecom(answer, request, context)
      },
    }),
  )
}

function messageOf(content: WecomGroupContent) {
  if ('markdown' in content) return { msgtype: 'markdown', markdown: { content: content.markdown } }
  const { text, mentions } = content
  return { msgtype: 'text', text: { content: text, ...(mentions !== undefined && { mentioned_list: mentions }) } }
}
