import type { IntakeEngine } from '../intake/intake-engine.js'
import type { SpoolSettings } from '../spool/spool-options.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { EngineOptions } from './engine-options.js'
import { openEngine } from './open-engine.js'
import type { OpenEngine } from './engine.js'
import { openShut } from './shut-engine.js'
import type { ShutEngine } from './shut-engine.js'

/**
 * The engine under a `reach`: opened by the first call that needs it, closed by `stop`. A test puts another one in its
 * place and restores it, so that code which imports `reach` is tested as it is.
 */
export class EngineSlot {
  #options: EngineOptions
  #opening: Promise<OpenEngine> | undefined
  #open: OpenEngine | undefined
  #stopped = false
  #closing: Promise<void> | undefined
  /** What takes messages until the store can be opened; it works as long as the engine does. */
  #shut: Promise<ShutEngine> | undefined

  constructor(options: EngineOptions) {
    this.#options = options
  }

  get options(): EngineOptions {
    return this.#options
  }

  /** The open engine where there is one: the hot path waits for nothing. */
  get current(): OpenEngine | undefined {
    return this.#stopped ? undefined : this.#open
  }

  /** @throws ReachError `REACH_STOPPED` after `stop`. */
  async open(): Promise<OpenEngine> {
    if (this.#stopped) throw new ReachError('REACH_STOPPED', 'Reachkit was stopped and takes no further call')
    this.#opening ??= this.#start()
    return this.#opening
  }

  /**
   * What takes a message: the engine, or, where the store cannot be opened and there is a spool, what spools it.
   * @throws ReachError `REACH_STOPPED` after `stop`.
   */
  async openIntake(): Promise<IntakeEngine> {
    const { spool } = this.#options
    if (this.#shut !== undefined && !this.#stopped) return this.#open ?? this.#shut
    try {
      return await this.open()
    } catch (error) {
      if (spool === undefined || this.#stopped || !isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
      this.#shut ??= this.#openShut(spool)
      return this.#shut
    }
  }

  /** Everybody who stops it waits for the same end. */
  stop(timeoutMs: number): Promise<void> {
    this.#stopped = true
    this.#closing ??= this.#close(timeoutMs)
    return this.#closing
  }

  async #openShut(spool: SpoolSettings): Promise<ShutEngine> {
    try {
      return await openShut(this.#options, spool, () => this.open())
    } catch (error) {
      this.#shut = undefined
      throw error
    }
  }

  async #close(timeoutMs: number): Promise<void> {
    const opening = this.#opening
    const shut = this.#shut
    this.#shut = undefined
    this.#opening = undefined
    this.#open = undefined
    const engine = await opening?.catch(() => undefined)
    await (await shut?.catch(() => undefined))?.close()
    await engine?.close(timeoutMs)
  }

  /** Puts an engine with other options in this one's place; the answer closes it and puts this one back. */
  swap(options: Partial<EngineOptions>): () => Promise<void> {
    const before = {
      options: this.#options,
      opening: this.#opening,
      open: this.#open,
      stopped: this.#stopped,
      closing: this.#closing,
      shut: this.#shut,
    }
    this.#options = { ...this.#options, ...options }
    this.#opening = undefined
    this.#open = undefined
    this.#stopped = false
    this.#closing = undefined
    this.#shut = undefined
    return async () => {
      await this.stop(0)
      this.#options = before.options
      this.#opening = before.opening
      this.#open = before.open
      this.#stopped = before.stopped
      this.#closing = before.closing
      this.#shut = before.shut
    }
  }

  async #start(): Promise<OpenEngine> {
    try {
      this.#open = await openEngine(this.#options)
      return this.#open
    } catch (error) {
      // The next call tries again: a store may be back by then.
      this.#opening = undefined
      throw error
    }
  }
}

const slotKey: unique symbol = Symbol.for('reachkit.engine') as never

/** Hangs the slot on a `reach`, where `engineSlotOf` finds it, whichever copy of the package asks. */
export function withEngineSlot<T extends object>(reach: T, slot: EngineSlot): T {
  return Object.defineProperty(reach, slotKey, { value: slot, enumerable: false })
}

export function engineSlotOf(reach: object): EngineSlot | undefined {
  return (reach as { [slotKey]?: EngineSlot })[slotKey]
}
