import type { NativeGate } from '../database/libsql-statements.js'

/** Two numbers that both threads see: whether the process is ending, and whether the worker is within native code. */
export type GateMemory = SharedArrayBuffer

const ending = 0
const within = 1

/** A process that ends waits no longer than this, in milliseconds. */
const patienceMs = 2_000

export function createGateMemory(): GateMemory {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
}

/**
 * `libsql` brings the whole process down where its thread is ended while it works. So a process that ends waits for the
 * statement under way, and the worker begins no other.
 */
export function workerGate(memory: GateMemory): NativeGate {
  const flags = new Int32Array(memory)
  return {
    enter() {
      Atomics.store(flags, within, 1)
      if (Atomics.load(flags, ending) === 0) return
      Atomics.store(flags, within, 0)
      Atomics.notify(flags, within)
      // For ever: the thread is about to be ended.
      Atomics.wait(flags, ending, 1)
    },
    leave() {
      Atomics.store(flags, within, 0)
      if (Atomics.load(flags, ending) === 1) Atomics.notify(flags, within)
    },
  }
}

/** Called when the process ends, before its threads are. Blocks until the worker is out of native code, and stays so. */
export function closeGate(memory: GateMemory): void {
  const flags = new Int32Array(memory)
  Atomics.store(flags, ending, 1)
  if (Atomics.load(flags, within) === 1) Atomics.wait(flags, within, 1, patienceMs)
}
