import type { WiredChannel } from '../channel/wired-channel.js'
import { contentKey } from '../dispatch/dispatch-context.js'
import type { MessageDefinition } from '../message/definition.js'
import { compileContent } from '../template/index.js'
import type { CompiledContent } from '../template/index.js'

/** Compiles the content of every message type for every channel that is wired. */
export async function compileContents(
  definitions: ReadonlyMap<string, MessageDefinition>,
  channels: ReadonlyMap<string, WiredChannel>,
): Promise<ReadonlyMap<string, CompiledContent>> {
  const contents = new Map<string, CompiledContent>()
  for (const { key, content } of definitions.values()) {
    for (const [name, source] of content) {
      const html = channels.get(name)?.providers[0]?.driver.html
      if (html === undefined) continue
      contents.set(
        contentKey(key, name),
        await compileContent(source, { where: { message: key, channel: name }, html }),
      )
    }
  }
  return contents
}
