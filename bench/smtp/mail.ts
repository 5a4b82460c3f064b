/** What both sides send, and how. */
export interface Sender {
  readonly send: () => Promise<void>
  readonly close: () => Promise<void>
}

export const connections = 20
export const messagesPerConnection = 1_000
export const from = 'Shop <shop@example.com>'

const line = '<p>A line of a paragraph with some words that go on for a while, say €5 and ¥9.</p>'

/** A mail with both parts, HTML of 800 and text of 350 characters; subject and bodies differ from mail to mail. */
export function mailOf(index: number): { readonly subject: string; readonly html: string; readonly text: string } {
  return {
    subject: `Order A${index} is paid`,
    html: `<html><body><p>Hello user ${index}, thank you for your order.</p>${line.repeat(8)}</body></html>`,
    text: `Hello user ${index}, thank you for your order.\n${'A line of words that goes on.\n'.repeat(10)}`,
  }
}
