import type { ServerResponse } from 'node:http'
import type { CounterpartMode } from '../conformance/index.js'
import type { VendorRequest } from './vendor-request.js'

/** What the vendor answers: `json`, or `text`; status 200 unless told. */
export interface VendorAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

/** An answer, or a function that reads the request first, such as one that finds the batch in it. */
export type VendorAnswers = VendorAnswer | ((request: VendorRequest) => VendorAnswer)

/** Modes that differ from vendor to vendor, so that the author of a driver writes the answer. */
export type WrittenMode = Extract<
  CounterpartMode,
  'accept' | 'refuse' | 'refuse-address' | 'refuse-inside' | 'throttle'
>

type Play = (response: ServerResponse) => void

/** Where `redirect` leads: whoever follows is told that the message was taken. */
export const elsewhere = '/elsewhere'

const rubbish = '<html><p>It works!</p></html>'
const block = Buffer.alloc(64 * 1_024, 'x')

/** Modes that are the same for every vendor. */
export const playedModes: ReadonlyMap<CounterpartMode, Play> = new Map<CounterpartMode, Play>([
  ['rubbish', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(rubbish)],
  ['redirect', (response) => void response.writeHead(307, { location: elsewhere }).end()],
  ['break-after', (response) => void response.socket?.destroy()],
  ['hang', () => {}],
  ['trickle', trickle],
  ['flood', flood],
])

export function writeAnswer(response: ServerResponse, { status = 200, headers, json, text = '' }: VendorAnswer): void {
  const type = json === undefined ? 'text/plain' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(json === undefined ? text : JSON.stringify(json))
}

/** A slow loris: never silent for long, and never done. */
function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.once('close', () => clearInterval(timer))
}

/** As fast as the other side reads, until it hangs up. */
function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = (): void => {
    while (!response.destroyed && response.write(block));
  }
  response.on('drain', more)
  more()
}
