import type { ContentOf } from '../spec/index.js'

/** The channels that the app knows: every one that a package, or the app itself, added to `ReachChannels`. */
export type ChannelName = Extract<keyof ReachChannels, string>

/** What a message type writes for a channel, before templates are filled in. */
export type ContentFor<Name extends string> = Name extends ChannelName ? ContentOf<ReachChannels[Name]> : never
