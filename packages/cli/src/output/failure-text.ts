import { isReachError } from '@reachkit/core'

/**
 * One line of an error, with its code where it has one. Causes are left out: they are the vendors' words, which may hold
 * what nobody should read.
 */
export function failureText(error: unknown, json: boolean): string {
  const { message, code } = partsOf(error)
  return json ? JSON.stringify({ error: { ...(code !== undefined && { code }), message } }) : `reachkit: ${message}`
}

function partsOf(error: unknown): { readonly message: string; readonly code?: string } {
  if (isReachError(error)) return { message: error.message, code: error.code }
  if (error instanceof Error) return { message: withoutPasswords(error.message) }
  return { message: 'something threw what is no error' }
}

/** Connection texts hold passwords, and their parsers repeat them. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/\/\/[^\s/@]+@/g, '//…@')
}
