import { ReachError, type Book } from '../spec/index.js'

/** @throws ReachError `REACH_BOOK_MISSING` where the store has none. */
export function bookOf(book: Book | undefined, what: string): Book {
  if (book !== undefined) return book
  throw new ReachError('REACH_BOOK_MISSING', `${what} needs a store with a recipient book.`)
}
