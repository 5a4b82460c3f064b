/** Why a mail was not taken, as far as nodemailer tells (https://nodemailer.com/errors) and we saw ourselves. */
export interface SmtpFailure {
  /** Nodemailer's code, such as EENVELOPE, or that of the system, such as ECONNREFUSED. */
  readonly code: string
  /** What the server answered: `MAIL FROM`, `RCPT TO`, `DATA`, `AUTH ...`, `EHLO`, or `CONN` for the connection itself. */
  readonly command: string
  readonly reply: SmtpReply | undefined
  /** Some of the mail itself was handed to the socket. Nodemailer does not tell; the transport watches its stream. */
  readonly contentBegan: boolean
}

/** The codes of a server's reply. Its text is left behind: it tends to hold the address. */
export interface SmtpReply {
  readonly code: number
  /** `5.1.1` (RFC 3463), where the server gives one. */
  readonly enhanced: string | undefined
}

export function parseFailure(error: unknown, contentBegan: boolean): SmtpFailure {
  const { code, originalCode, command, response } = fieldsOf(error)
  const system = typeof originalCode === 'string' ? originalCode : undefined
  return {
    code: codeText(system) ?? codeText(code) ?? 'error',
    command: typeof command === 'string' ? command : '',
    reply: parseReply(response),
    contentBegan,
  }
}

/** The codes at the start of a reply: `550-5.1.1 ...`, `421 ...`. */
export function parseReply(response: unknown): SmtpReply | undefined {
  const match =
    typeof response === 'string' ? /^([2-5]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S))?/.exec(response) : null
  return match === null ? undefined : { code: Number(match[1]), enhanced: match[2] }
}

function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? { ...error } : {}
}

function codeText(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined
}
