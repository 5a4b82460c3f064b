import { checkFields, contentSchemaOf, type FieldCheck, isFields, must } from '@reachkit/driver-kit'
import { validRange } from 'semver'
import type { PushContent } from './push-content.js'

const text = must((value) => typeof value === 'string' && value !== '', 'must be text that is not empty')
const words = must((value) => typeof value === 'string', 'must be text')
const flag = must((value) => typeof value === 'boolean', 'must be true or false')
/** It becomes a header of APNs; HTTP/2 as Node writes it takes anything there, line breaks too. */
const header = must(
  (value) => typeof value === 'string' && /^[\w.-]+$/.test(value),
  'must be letters, digits, dots and hyphens',
)
const fields = must(isFields, 'must be an object')
const badge = must(
  (value) =>
    Number.isSafeInteger(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value) &&
    Number(value) >= 0,
  'must be a whole number of at least 0',
)
/** Apple, "Sending notification requests to APNs": apns-collapse-id must not exceed 64 bytes. */
const collapse = must(
  (value) => typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= 64,
  'must be text of 1 to 64 bytes',
)
/** Words that FCM keeps for itself (Firebase, "REST Resource: projects.messages", field `data`). */
const reserved = /^(from|message_type|google.*|gcm.*)$/
const data = must(
  (value) =>
    isFields(value) && Object.entries(value).every(([name, each]) => typeof each === 'string' && !reserved.test(name)),
  'must be an object of texts, without from, message_type, and names that begin with google or gcm',
)

const vendors = checkFields(
  {
    web: checkFields({ notification: fields }, []),
    fcm: checkFields({ channelId: text, notification: fields }, []),
    apns: checkFields({ pushType: header, topic: header, aps: fields }, []),
    jpush: checkFields(
      {
        android: fields,
        harmony: fields,
        makers: must(
          (value) => isFields(value) && Object.values(value).every(isFields),
          'must be an object of objects',
        ),
      },
      [],
    ),
  },
  [],
)
const texts = {
  title: words,
  body: text,
  data,
  link: text,
  image: text,
  badge,
  sound: text,
  collapse,
  silent: flag,
  vendors,
}

const platform = must(
  (value) => (Array.isArray(value) ? value : [value]).every((each) => typeof each === 'string' && each !== ''),
  'must be a platform or a list of them',
)
const range = must((value) => typeof value === 'string' && validRange(value) !== null, 'must be a range of semver')
const variant = checkFields({ when: checkFields({ platform, appVersion: range }, []), ...texts }, ['when'])
const variants: FieldCheck = (value, path, faults) => {
  if (!Array.isArray(value)) return void faults.push({ path, message: 'must be a list' })
  for (const [index, each] of value.entries()) variant(each, [...path, index], faults)
}

const whole = checkFields({ ...texts, variants }, [])

export const contentSchema: ReturnType<typeof contentSchemaOf<PushContent>> = contentSchemaOf<PushContent>(
  (value, path, faults) => {
    whole(value, path, faults)
    if (isFields(value) && value['body'] === undefined && value['silent'] !== true)
      faults.push({ path: [...path, 'body'], message: 'is missing' })
  },
)
