import { type DeliveryOutcome, retry, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, fieldAt, type HttpAnswer, numberAt, textAt } from '@reachkit/driver-kit'

/**
 * Telegram has no codes beside those of HTTP: what happened stands in `description`, of which no list is published. These
 * are the texts of its own server (https://github.com/tdlib/telegram-bot-api, `Client.cpp`, and https://github.com/tdlib/td),
 * and words in capitals that it hands on.
 */
const descriptions: readonly (readonly [text: string, code: string])[] = [
  ['bot was blocked by the user', 'bot-blocked'],
  ['user is deactivated', 'user-deactivated'],
  ["bot can't initiate conversation", 'never-started'],
  ["bots can't send messages to bots", 'is-a-bot'],
  ["bot can't send messages to bots", 'is-a-bot'],
  ['bot was kicked', 'bot-kicked'],
  ['bot is not a member', 'not-a-member'],
  ['group chat was deleted', 'chat-deleted'],
  ['group is deactivated', 'chat-deleted'],
  ['group chat was deactivated', 'chat-deleted'],
  ['chat not found', 'chat-not-found'],
  ['user not found', 'chat-not-found'],
  ['peer_id_invalid', 'chat-not-found'],
  ['channel_private', 'not-a-member'],
  ['chat_write_forbidden', 'write-forbidden'],
  ['not enough rights', 'write-forbidden'],
  ['have no rights', 'write-forbidden'],
  ['have no write access', 'write-forbidden'],
  ['frozen_method_invalid', 'bot-frozen'],
  ['need administrator rights', 'write-forbidden'],
  ['upgraded to a supergroup', 'migrated'],
  ['migrated to a supergroup', 'migrated'],
  ['message is too long', 'too-long'],
  ['message text is empty', 'empty'],
  ["can't parse entities", 'markup-invalid'],
  ['too many requests', 'too-many-requests'],
  ['unauthorized', 'token-invalid'],
]

const refusal = createOutcomes({
  vendor: 'telegram',
  document: 'Telegram, "Making requests" of "Telegram Bot API" (https://core.telegram.org/bots/api#making-requests)',
  codes: {
    'bot-blocked': 'invalid-address',
    'user-deactivated': 'invalid-address',
    'never-started': 'invalid-address',
    'is-a-bot': 'invalid-address',
    'bot-kicked': 'invalid-address',
    'not-a-member': 'invalid-address',
    'chat-deleted': 'invalid-address',
    'chat-not-found': 'invalid-address',
    migrated: 'invalid-address',
    'write-forbidden': 'rejected',
    'too-long': 'rejected',
    empty: 'rejected',
    'markup-invalid': 'rejected',
    forbidden: 'rejected',
    'too-many-requests': 'retry',
    'token-invalid': 'account',
    'no-such-bot': 'account', // 404: the token is none
    'bot-frozen': 'account',
  },
  otherwise: 'rejected',
})

export function telegramOutcome(answer: HttpAnswer): DeliveryOutcome {
  const { json } = answer
  const id = codeAt(json, 'result', 'message_id')
  if (answer.ok && fieldAt(json, 'ok') === true && id !== undefined) return sent(id)
  const outcome = refusal(answer, refusalCode(answer))
  const seconds = numberAt(json, 'parameters', 'retry_after')
  return outcome.kind === 'retry' && seconds !== undefined ? retry(seconds * 1_000, outcome.reason) : outcome
}

/** What another bot would be told of the same chat: with a wrong token, it is said of every chat. */
const ofOtherBots: ReadonlySet<string> = new Set(
  ['chat-not-found', 'never-started', 'not-a-member'].map((code) => `telegram ${code}`),
)

/** True where it is the chat that is dead, unless the token is that of another bot. */
export function mayBeOtherBot(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'rejected' && ofOtherBots.has(outcome.reason)
}

/** Where a group went that became a supergroup: nothing was sent, and it is to be called by another id from now on. */
export function movedTo(answer: HttpAnswer): string | undefined {
  const id = numberAt(answer.json, 'parameters', 'migrate_to_chat_id')
  return fieldAt(answer.json, 'ok') === false && Number.isSafeInteger(id) ? String(id) : undefined
}

function refusalCode({ json, status }: HttpAnswer): string | undefined {
  if (fieldAt(json, 'ok') !== false) return undefined
  const description = textAt(json, 'description')?.toLowerCase() ?? ''
  const listed = descriptions.find(([text]) => description.includes(text))
  if (listed !== undefined) return listed[1]
  const code = numberAt(json, 'error_code') ?? status
  // A 403 of Telegram is about the chat, not about the bot's token.
  return code === 403 ? 'forbidden' : code === 404 ? 'no-such-bot' : status === 200 ? String(code) : undefined
}
