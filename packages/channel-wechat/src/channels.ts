import type { Channel } from '@reachkit/core/spec'
import type { WechatContent } from './content/wechat-content.js'
import type { WechatAddress } from './openid/wechat-address.js'
import type { WecomContent } from './wecom/wecom-content.js'
import type { WecomGroupContent } from './wecom-robot/wecom-group-content.js'

/** People by their openids: official accounts and mini-programs are its providers. Each sends by templates only. */
export type WechatChannel<Templated extends string = never> = Channel<'wechat', WechatAddress, WechatContent, Templated>

/** Members of a company, by their userids. */
export type WecomChannel = Channel<'wecom', string, WecomContent>

/** Groups of a company, by the names that the robots' options give them. */
export type WecomGroupChannel = Channel<'wecomGroup', string, WecomGroupContent>

declare global {
  interface ReachChannels {
    wechat: WechatChannel
    wecom: WecomChannel
    wecomGroup: WecomGroupChannel
  }
}
