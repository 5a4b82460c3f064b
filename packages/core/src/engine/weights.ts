import { nearestName, shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { Logger, State } from '../spec/index.js'
import { errorName } from '../io/error-name.js'

const prefix = 'weights/'

/** What operators may weigh anew: the providers of a channel, or the channels that a message type is split among. */
export interface Weighed {
  readonly weights: Readonly<Record<string, number>>
  /** @throws ReachError `REACH_WEIGHTS_INVALID`, and then nothing has changed. */
  reweigh(weights: Readonly<Record<string, number>>): void
}

/** Keeps everything at the weights that operators set, in whichever process; answers how to stop following. */
export async function followWeights(
  state: State,
  weighed: ReadonlyMap<string, Weighed>,
  logger: Logger,
): Promise<() => void> {
  const names = [...weighed.keys()]
  const apply = (name: string, text: string | undefined): void => {
    if (text !== undefined) weighed.get(name)?.reweigh(JSON.parse(text) as Record<string, number>)
  }
  const documents = await state.read(names.map((name) => prefix + name))
  for (const [index, name] of names.entries()) apply(name, documents[index]?.text)
  const read = async (name: string): Promise<void> => apply(name, (await state.read([prefix + name]))[0]?.text)
  return state.watch(prefix, (key) => {
    const name = key.slice(prefix.length)
    read(name).catch((error: unknown) => {
      logger.error({ name, error: errorName(error) }, 'new weights could not be read; the old ones stay')
    })
  })
}

/** Sets weights for every process. Refused before anything is written where they are wrong. */
export async function setWeights(
  state: State,
  name: string,
  weighed: Weighed,
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  weighed.reweigh(weights)
  await writeDocument(state, prefix + name, JSON.stringify(weighed.weights))
}

/** What has this name: a channel, or else a message type whose route has a split. */
export function weighedOf(weighed: ReadonlyMap<string, Weighed>, name: string): Weighed {
  const found = weighed.get(name)
  if (found !== undefined) return found
  const near = nearestName(name, [...weighed.keys()])
  const hint = near === undefined ? `there are ${[...weighed.keys()].join(', ')}` : `did you mean '${near}'?`
  throw new ReachError(
    'REACH_CHANNEL_UNKNOWN',
    `neither a channel nor a split message type is named '${shownName(name)}'; ${hint}`,
  )
}

/** Writes over whatever stands there, however often somebody else is quicker. */
export async function writeDocument(state: State, key: string, text: string): Promise<void> {
  for (;;) {
    const [document] = await state.read([key])
    if ((await state.write(key, text, document?.version ?? 0)) !== undefined) return
  }
}
