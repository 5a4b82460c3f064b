import type { SMTPConnectionCustomAuthContext as Login } from 'nodemailer/lib/smtp-connection'

/** A password (SASL PLAIN or LOGIN), or an OAuth 2 access token (XOAUTH2). */
export type SmtpCredentials =
  | { readonly user: string; readonly password: string }
  | { readonly user: string; readonly accessToken: string }

export type SmtpAuth = SmtpCredentials | (() => Promise<SmtpCredentials> | SmtpCredentials)

/** True for credentials without fields of another kind. */
export function isSmtpCredentials(value: unknown): value is SmtpCredentials {
  if (typeof value !== 'object' || value === null) return false
  const { user, password, accessToken, ...others } = value as Readonly<Record<string, unknown>>
  const secret = password ?? accessToken
  const isOne = password === undefined || accessToken === undefined
  return (
    typeof user === 'string' && user !== '' && typeof secret === 'string' && isOne && Object.keys(others).length === 0
  )
}

/**
 * Logs a new connection in: PLAIN (RFC 4616) where the server offers it or nothing, else LOGIN; XOAUTH2 with an access
 * token. Throws where the server refuses; nodemailer makes an EAUTH error of it.
 */
export async function logIn(auth: SmtpAuth, login: Login): Promise<void> {
  const credentials: unknown = typeof auth === 'function' ? await auth() : auth
  if (!isSmtpCredentials(credentials)) throw new Error('The auth function answered no credentials')
  const last = await answer(credentials, login)
  if (last.status !== 235) throw new Error('Login refused')
}

async function answer(credentials: SmtpCredentials, login: Login): Promise<{ readonly status: number }> {
  const { user } = credentials
  if ('accessToken' in credentials) return logInWithToken(user, credentials.accessToken, login)
  const offersLoginOnly = login.authMethods.includes('LOGIN') && !login.authMethods.includes('PLAIN')
  if (!offersLoginOnly) return login.sendCommand(`AUTH PLAIN ${base64(`\0${user}\0${credentials.password}`)}`)
  const asked = await login.sendCommand('AUTH LOGIN')
  if (asked.status !== 334) return asked
  const named = await login.sendCommand(base64(user))
  return named.status === 334 ? login.sendCommand(base64(credentials.password)) : named
}

async function logInWithToken(user: string, accessToken: string, login: Login): Promise<{ readonly status: number }> {
  const first = await login.sendCommand(`AUTH XOAUTH2 ${base64(`user=${user}\x01auth=Bearer ${accessToken}\x01\x01`)}`)
  return first.status === 334 ? login.sendCommand('') : first // 334 brings the reason; an empty line asks for the verdict
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
