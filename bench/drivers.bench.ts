// Each driver beside the vendor's own client, or what an app would write without it: the same calls to the same vendor, a
// process of its own on this machine, with the same number in flight. `--driver sns-thin` measures one of them.
import { compare, settings } from './harness.js'
import { alipayRow } from './drivers/alipay.js'
import { aliyunCallRow, aliyunRow } from './drivers/aliyun.js'
import { apnsRow } from './drivers/apns.js'
import { dingtalkRow } from './drivers/dingtalk.js'
import { directMailRow } from './drivers/direct-mail.js'
import { fcmRow } from './drivers/fcm.js'
import { feishuRow } from './drivers/feishu.js'
import { jpushRow } from './drivers/jpush.js'
import { mailchimpRow } from './drivers/mailchimp.js'
import { miniProgramRow } from './drivers/mini-program.js'
import { officialAccountRow } from './drivers/official-account.js'
import { sesRow, sesThinRow } from './drivers/ses.js'
import { slackRow } from './drivers/slack.js'
import { snsRow, snsThinRow } from './drivers/sns.js'
import { telegramRow } from './drivers/telegram.js'
import { tencentRow } from './drivers/tencent.js'
import { httpSmsRow, twilioCallRow, twilioRow } from './drivers/twilio.js'
import { webPushRow } from './drivers/web-push.js'
import { webhookRow } from './drivers/webhook.js'
import { wecomRow } from './drivers/wecom.js'
import { wecomRobotRow } from './drivers/wecom-robot.js'
import { whatsappRow } from './drivers/whatsapp.js'

const sms = [aliyunRow, tencentRow, twilioRow, httpSmsRow, snsRow, snsThinRow, aliyunCallRow, twilioCallRow]
const push = [webPushRow, fcmRow, apnsRow, jpushRow]
const wechat = [officialAccountRow, miniProgramRow, wecomRow, wecomRobotRow]
const chat = [telegramRow, whatsappRow, feishuRow, dingtalkRow, slackRow, alipayRow, webhookRow]
const email = [sesRow, sesThinRow, mailchimpRow, directMailRow]

for (const row of [...sms, ...push, ...wechat, ...chat, ...email]) {
  if (settings.driver !== undefined && row.name !== `drivers/${settings.driver}`) continue
  await row.open()
  const { name, atLeast } = row
  await compare({
    name,
    messages: 2_000,
    rounds: 5,
    ours: (count) => row.ours(count),
    peer: (count) => row.peer(count),
    ...(atLeast !== undefined && { atLeast }),
  })
  await row.close()
}
