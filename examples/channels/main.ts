// Every channel in use, offline: each driver sends to a stand-in for its vendor on this machine, and what arrived is checked.
import { sendByAlipay } from './alipay.js'
import { sendByDingTalk } from './dingtalk.js'
import { sendBySes, sendBySmtp } from './email.js'
import { sendByDirectMail, sendByMailchimp } from './email-http.js'
import { sendByFeishu } from './feishu.js'
import { push } from './push.js'
import { sendBySlack } from './slack.js'
import { smsByTemplates, smsByText } from './sms.js'
import { sendByTelegram } from './telegram.js'
import { voiceCalls } from './voice.js'
import { sendByWebhook } from './webhook.js'
import { sendByWechat, sendByWecom } from './wechat.js'
import { sendByWhatsApp } from './whatsapp.js'

const examples: readonly (readonly [string, () => Promise<void>])[] = [
  ['SMS by templates of the vendors: Aliyun, Tencent Cloud', smsByTemplates],
  ['SMS by text: Twilio, SNS, any gateway', smsByText],
  ['voice calls: Twilio, Aliyun', voiceCalls],
  ['push: Web Push, FCM, APNs, JPush', push],
  ['WeChat: official account and mini-program', sendByWechat],
  ['WeCom: app and group robot', sendByWecom],
  ['Telegram', sendByTelegram],
  ['WhatsApp', sendByWhatsApp],
  ['Feishu', sendByFeishu],
  ['DingTalk', sendByDingTalk],
  ['Slack', sendBySlack],
  ['Alipay', sendByAlipay],
  ['a signed webhook', sendByWebhook],
  ['e-mail by SMTP', sendBySmtp],
  ['e-mail by Amazon SES', sendBySes],
  ['e-mail by Mailchimp Transactional', sendByMailchimp],
  ['e-mail by DirectMail of Alibaba Cloud', sendByDirectMail],
]

for (const [name, send] of examples) {
  await send()
  console.log(`sent  ${name}`)
}
console.log(`All ${examples.length} arrived as they should.`)
