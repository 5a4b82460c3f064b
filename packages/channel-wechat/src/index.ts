/** WeChat for Reachkit: official accounts, mini-programs, WeCom apps and group robots. */
export { officialAccount } from './official-account/official-account.js'
export type { OfficialAccountOptions } from './official-account/official-account-options.js'
export { miniProgram } from './mini-program/mini-program.js'
export type { MiniProgramOptions } from './mini-program/mini-program-options.js'
export { wecom } from './wecom/wecom.js'
export type { WecomOptions } from './wecom/wecom-options.js'
export { wecomRobot } from './wecom-robot/wecom-robot.js'
export type { WecomRobotOptions } from './wecom-robot/wecom-robot-options.js'
export type { RobotKeys } from './wecom-robot/robot-keys.js'
export type { WechatAddress } from './openid/wechat-address.js'
export type { WechatChannel, WecomChannel, WecomGroupChannel } from './channels.js'
export type {
  MiniProgramMessage,
  OfficialAccountMessage,
  TemplateData,
  WechatContent,
  WechatVendors,
} from './content/wechat-content.js'
export type { WecomCard, WecomContent } from './wecom/wecom-content.js'
export type { WecomGroupContent } from './wecom-robot/wecom-group-content.js'
