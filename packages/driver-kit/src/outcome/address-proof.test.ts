import { type DriverEvent, invalidAddress, rejected, sent, unknown } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { AddressProof } from './address-proof.js'

const dead = invalidAddress('acme nobody')

function world() {
  const proof = new AddressProof()
  const events: DriverEvent[] = []
  const judge = (outcome: Parameters<AddressProof['judge']>[0]) =>
    proof.judge(outcome, { id: 'parcel.0' }, { report: (event) => void events.push(event) })
  return { proof, events, judge }
}

it('an address is not called dead before another one was taken: it is rejected, and the app is warned', () => {
  const { events, judge } = world()
  expect(judge(dead)).toEqual(rejected('acme nobody'))
  expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'acme nobody' }])
})

it('after that it is', () => {
  const { proof, events, judge } = world()
  proof.prove()
  expect(judge(dead)).toBe(dead)
  expect(events).toEqual([])
})

it('other outcomes are handed on', () => {
  const { events, judge } = world()
  for (const outcome of [sent('1'), rejected('acme too-long'), unknown('acme -1')]) expect(judge(outcome)).toBe(outcome)
  expect(events).toEqual([])
})
