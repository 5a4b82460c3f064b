/** Digests of a generation are spread over so many hashes, which keeps each of them small and packed. */
export const digestHashes = 4_096

/** Names of the keys of one atomic part: all carry one tag, so that a cluster keeps them together. */
export class Keys {
  readonly #start: string

  constructor(readonly tag: string) {
    this.#start = `{${tag}}:`
  }

  /** Of a parcel: bodies, marks, notes, events, and what history keeps of it. */
  body(parcel: string): string {
    return `${this.#start}b:${parcel}`
  }
  marks(parcel: string): string {
    return `${this.#start}m:${parcel}`
  }
  notes(parcel: string): string {
    return `${this.#start}n:${parcel}`
  }
  events(parcel: string): string {
    return `${this.#start}h:${parcel}`
  }
  archive(parcel: string): string {
    return `${this.#start}a:${parcel}`
  }

  entry(id: string): string {
    return `${this.#start}e:${id}`
  }
  /** Pending entries of one tenant and lane by due time. */
  queue(lane: string, tenant: string): string {
    return `${this.#start}q:${lane}:${tenant}`
  }
  /** Names of the queues, as lane:tenant. */
  get queues(): string {
    return `${this.#start}qs`
  }
  /** Entries by when a sweep looks at them next. */
  get watch(): string {
    return `${this.#start}z`
  }
  /** Parcels that are done, and runs behind a slash, by when. */
  get done(): string {
    return `${this.#start}x`
  }

  /** Which generation of digests is written to, since when, and how far the one before is carried on. */
  get window(): string {
    return `${this.#start}dw`
  }
  digests(generation: number, hash: number): string {
    return `${this.digestsStart(generation)}${hash}`
  }
  /** Before the number of a hash, for a script that names them itself. */
  digestsStart(generation: number): string {
    return `${this.#start}d:${generation}:`
  }
  /** The parcels that have digests of a generation. */
  digestParcels(generation: number): string {
    return `${this.#start}dl:${generation}`
  }

  task(id: string): string {
    return `${this.#start}t:${id}`
  }
  /** Ids of tasks, in their order. */
  get tasks(): string {
    return `${this.#start}tz`
  }
  run(id: string): string {
    return `${this.#start}r:${id}`
  }
  /** The runs of a task by their keys. */
  firings(task: string): string {
    return `${this.#start}fi:${task}`
  }
  /** The runs of a task by the instants of their firings. */
  runsOf(task: string): string {
    return `${this.#start}fr:${task}`
  }
  /** Ids of the parcels of a run, in their order. */
  parcelsOf(run: string): string {
    return `${this.#start}rp:${run}`
  }
  /** The run of each parcel that is of one. */
  get parcelRuns(): string {
    return `${this.#start}pr`
  }

  /** Parcels by when they were accepted. */
  get historyTimes(): string {
    return `${this.#start}ht`
  }
  /** What history is still to be told. */
  get historyQueue(): string {
    return `${this.#start}hq`
  }
  /** How many lines of the queue were taken so far: parcels are known in indexes by the number of a line. */
  get historyTaken(): string {
    return `${this.#start}hx`
  }
  historyParcels(period: number): string {
    return `${this.#start}hi:${period}`
  }
  historyRecipients(period: number, part: number): string {
    return `${this.#start}hr:${period}:${part.toString(36)}`
  }
  historyProviders(period: number, part: number): string {
    return `${this.#start}hv:${period}:${part.toString(36)}`
  }
}
