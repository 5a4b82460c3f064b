import type { WiredChannel } from '../channel/wired-channel.js'
import { ReachError } from '../spec/index.js'
import type { Logger, State } from '../spec/index.js'

const prefix = 'weights/'

/** Keeps the splitters at the weights that operators set, in whichever process; answers how to stop following. */
export async function followWeights(
  state: State,
  channels: ReadonlyMap<string, WiredChannel>,
  logger: Logger,
): Promise<() => void> {
  const apply = async (channel: WiredChannel): Promise<void> => {
    const [document] = await state.read([prefix + channel.name])
    if (document?.text !== undefined) channel.reweigh(JSON.parse(document.text) as Record<string, number>)
  }
  for (const channel of channels.values()) await apply(channel)
  return state.watch(prefix, (key) => {
    const channel = channels.get(key.slice(prefix.length))
    if (channel === undefined) return
    apply(channel).catch((error: unknown) => {
      logger.error({ channel: channel.name, error: (error as Error).name }, 'new weights could not be read')
    })
  })
}

/** Sets weights for every process. Refused before anything is written where they are wrong. */
export async function setWeights(
  state: State,
  channel: WiredChannel,
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  const unknown = Object.keys(weights).find((name) => channel.provider(name) === undefined)
  if (unknown !== undefined) {
    const known = Object.keys(channel.weights).join(', ')
    throw new ReachError(
      'REACH_WEIGHTS_INVALID',
      `channel '${channel.name}' has no provider '${unknown}'; there are ${known}`,
    )
  }
  channel.reweigh(weights)
  await writeDocument(state, prefix + channel.name, JSON.stringify({ ...channel.weights, ...weights }))
}

/** Writes over whatever stands there, however often somebody else is quicker. */
export async function writeDocument(state: State, key: string, text: string): Promise<void> {
  for (;;) {
    const [document] = await state.read([key])
    if ((await state.write(key, text, document?.version ?? 0)) !== undefined) return
  }
}
