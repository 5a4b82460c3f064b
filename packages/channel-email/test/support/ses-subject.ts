import type { ServerResponse } from 'node:http'
import type { CounterpartMode, DriverSubject } from '@reachkit/testing'
import { ses, type SesOptions } from '../../src/index.js'
import { sesError, sesTaken, startSesStandIn } from './ses-stand-in.js'
import { gossip, password, subjectOf } from './subject.js'

/** SES never tells here that an address is dead: a bounce does, later. */
const answers = new Map<CounterpartMode, (response: ServerResponse) => void>([
  ['accept', sesTaken('id-1')],
  ['refuse', sesError(400, 'MessageRejected', gossip)],
  ['throttle', sesError(400, 'Throttling', gossip)],
  ['break-before', () => undefined],
  ['break-after', (response) => void response.socket?.destroy()],
  ['hang', () => undefined],
  ['rubbish', (response) => void response.writeHead(200).end('<html><p>It works!</p></html>')],
])

/** `ses()` and the stand-in of its API. */
export const openSesSubject = async (): Promise<DriverSubject> => open({})

/** The same without the SDK. */
export const openThinSesSubject = async (): Promise<DriverSubject> => open({ client: 'thin' })

async function open(options: Partial<SesOptions>): Promise<DriverSubject> {
  const keys: undefined[] = [] // SES knows no idempotency key.
  let mode: CounterpartMode = 'accept'
  const answer = (response: ServerResponse): void => {
    keys.push(undefined)
    answers.get(mode)?.(response)
  }
  let server = await startSesStandIn(answer)
  const { endpoint } = server
  const tell = async (wanted: CounterpartMode): Promise<void> => {
    if (mode === 'break-before') server = await startSesStandIn(answer, Number(new URL(endpoint).port))
    mode = wanted
    if (mode === 'break-before') await server.close()
  }
  const connections = (): number => server.connections()
  const credentials = { accessKeyId: 'a', secretAccessKey: password }
  const channel = ses({ region: 'eu-west-1', credentials, endpoint, from: 'shop@example.com', ...options })
  return subjectOf(channel, { modes: [...answers.keys()], tell, keys: () => keys, connections }, async () =>
    server.close(),
  )
}
