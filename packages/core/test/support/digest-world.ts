import { createReach, memoryStore, message, sent } from '@reachkit/core'
import type { NotifyOptions, Reach, Store } from '@reachkit/core'
import { z } from 'zod'
import { sharedStore } from './shared-store.js'
import { everybody, signal } from './signals.js'
import type { Answer, Request } from './signals.js'
import { createWorld } from './world.js'

const data = z.object({ item: z.string(), topic: z.string().default('t') })
const text = '{{ item }}: {{ digest.count }} of{% for one in digest.items %} {{ one.item }}{% endfor %}'

/** A type whose messages to one recipient become one in ten minutes. */
export const news = message('news', {
  data,
  content: { lamp: { text } },
  digest: { window: '10m', key: ({ topic }) => topic, max: 4 },
})

/** The items that a digest showed. */
export function itemsOf({ content }: Pick<Request, 'content'>): readonly string[] {
  return content.text.split(' of ')[1]?.split(' ') ?? []
}

type App = Reach<{ lamp: string }, { news: { item: string; topic?: string | undefined } }, never>

/** One memory store, and as many engines on it as a test wants. */
export async function digestWorld() {
  const world = createWorld()
  const parts = await memoryStore({ retention: '30d', pushAgain: '5s' }).open(world.base)
  const engine = (answer: Answer = () => sent(), options: { store?: Store; worker?: boolean } = {}) => {
    const lamp = signal('lamp', answer, { capabilities: { deduplicates: true } })
    const reach = world.open(
      createReach({
        ...world.base,
        store: options.store ?? sharedStore(parts),
        worker: options.worker ?? true,
        messages: [news],
        channels: { lamp: lamp.channel },
        directory: everybody,
      }),
    )
    return { reach: reach as unknown as App, requests: lamp.requests }
  }
  const texts = (requests: readonly Request[]) =>
    requests.map(({ recipient, content }) => `${recipient.id} ${content.text}`)
  return { ...world, parts, engine, texts, requestsOf: (requests: readonly Request[]) => requests.map(itemsOf) }
}

/** Sends each item by itself. */
export async function tell(
  app: Pick<App, 'notify'>,
  to: string,
  items: string,
  options: NotifyOptions = {},
): Promise<string[]> {
  const ids: string[] = []
  for (const item of items.split(' ')) ids.push((await app.notify('news', to, { item }, options)).id)
  return ids
}
