/** In the place of a recipient: a page of the audience is asked for. */
export const pageAsked = 'page'

export interface SinkSettings {
  /** Recipients are numbers below this. */
  readonly messages: number
  readonly delayMs: number
  readonly deduplicates: boolean
}

export interface SinkReport {
  readonly kind: 'report'
  /** Recipients that got something. */
  readonly reached: number
  readonly requests: number
  /** Requests with a key that was known. */
  readonly dropped: number
  /** Requests by worker that are not answered. */
  readonly open: Readonly<Record<string, number>>
}

/** Asks what came for these recipients. */
export interface SinkTell {
  readonly kind: 'tell'
  readonly recipients: readonly number[]
}

/** One request, in the sink's own time. */
export interface SinkRequest {
  readonly atMs: number
  readonly worker: string
  readonly key: string
  /** Taken for a copy, and thrown away. */
  readonly dropped: boolean
}

export interface SinkTold {
  readonly kind: 'told'
  /** One list a recipient. */
  readonly requests: readonly (readonly SinkRequest[])[]
}

/** Kills the worker that asks for a page of the audience next, a moment later: it has the run of the task. */
export interface SinkAmbush {
  readonly kind: 'ambush'
  readonly pids: Readonly<Record<string, number>>
  readonly afterMs: number
  /** Nobody reads any more, where nobody came within this time. */
  readonly withinMs: number
}

export interface SinkSprung {
  readonly kind: 'sprung'
  /** Undefined where nobody came. */
  readonly worker?: string
  /** Its requests that were not answered. */
  readonly held: number
}

/** Sends a signal to a worker, if it has messages in the air at this moment. */
export interface SinkKill {
  readonly kind: 'kill'
  readonly worker: string
  readonly pid: number
  readonly signal: NodeJS.Signals
}

export interface SinkMet {
  readonly kind: 'met'
  readonly worker: string
  /** Its requests that were not answered: messages that it held as `sending`. With none it was let off. */
  readonly held: number
}
