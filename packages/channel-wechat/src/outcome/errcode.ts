import { codeAt } from '@reachkit/driver-kit'

/** The code of an answer: `0` where the request was taken. */
export function errcodeOf(json: unknown): string | undefined {
  const code = codeAt(json, 'errcode')
  return code !== undefined && /^-?\d{1,7}$/.test(code) ? code : undefined
}
