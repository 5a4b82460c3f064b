import { audience } from '@reachkit/core'
import { recipientId } from '../app/recipient-id.js'
import { audience as size } from './scenarios.js'

export const pageSize = 2

/** The six, two by two. */
export const everyone = audience('everyone', {
  async page(_args, { cursor }) {
    const start = cursor === '' ? 0 : Number(cursor)
    const end = start + pageSize
    const items = Array.from({ length: pageSize }, (_, offset) => recipientId(start + offset))
    return end < size ? { items, next: String(end) } : { items }
  },
})
