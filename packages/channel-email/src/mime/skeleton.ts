import MailComposer from 'nodemailer/lib/mail-composer'
import type MimeNode from 'nodemailer/lib/mime-node'
import type { EmailAttachment } from '../content/email-content.js'

/** What is filled in for each mail: the random part of the boundaries, a body, or the bytes of an attachment. */
export type Slot =
  | { readonly slot: 'boundary' | 'text' | 'html' }
  | { readonly slot: 'attachment'; readonly index: number }

/** The body of a mail from its MIME-Version on, as text and slots in turn. */
export type Skeleton = readonly (string | Slot)[]

/** What two mails must share to share a skeleton. */
export interface Shape {
  readonly text: boolean
  readonly html: boolean
  readonly attachments: readonly EmailAttachment[]
}

// A boundary with `=_` stands in no quoted-printable and no base64 body (RFC 2045, 6.7).
const boundaryPrefix = '=_reach'
const placeholder = 'reachkit-boundary-placeholder'

/** Has nodemailer compose a mail of this shape, and takes its tree apart. */
export function buildSkeleton(shape: Shape): Skeleton {
  const composer = new MailComposer({
    ...(shape.text && { text: 'text' }),
    ...(shape.html && { html: 'html' }),
    attachments: shape.attachments.map((attachment, index) => ({
      filename: attachment.filename,
      content: `attachment:${index}`,
      ...partOptions(attachment),
    })),
    messageId: '<skeleton@invalid>',
    boundaryPrefix,
    baseBoundary: placeholder,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return ['MIME-Version: 1.0\r\n', ...nodePieces(composer.compile())].flatMap(splitBoundaries)
}

function partOptions({ contentType, cid }: EmailAttachment): { contentType?: string; cid?: string } {
  return { ...(contentType !== undefined && { contentType }), ...(cid !== undefined && { cid }) }
}

function nodePieces(node: MimeNode): Skeleton {
  const headers = contentHeaders(node)
  if (node.childNodes.length === 0) return leafPieces(node, headers)
  const parts = node.childNodes.flatMap((child, index) => [
    `${index === 0 ? '' : '\r\n'}--${node.boundary}\r\n`,
    ...nodePieces(child),
  ])
  return [`${headers}\r\n`, ...parts, `\r\n--${node.boundary}--\r\n`]
}

/** The Content-* headers but the encoding, which each body brings itself. */
function contentHeaders(node: MimeNode): string {
  const lines = node.buildHeaders().split(/\r\n(?![ \t])/)
  const kept = lines.filter((line) => /^content-(?!transfer-encoding)/i.test(line))
  return kept.map((line) => `${line}\r\n`).join('')
}

function leafPieces(node: MimeNode, headers: string): Skeleton {
  const content = typeof node.content === 'string' ? node.content : ''
  if (content === 'html' || content === 'text') return [headers, { slot: content }]
  const index = Number(content.slice('attachment:'.length))
  return [`${headers}Content-Transfer-Encoding: base64\r\n\r\n`, { slot: 'attachment', index }]
}

function splitBoundaries(piece: string | Slot): Skeleton {
  if (typeof piece !== 'string') return [piece]
  const boundary: Slot = { slot: 'boundary' }
  return piece.split(placeholder).flatMap((text, index) => (index === 0 ? [text] : [boundary, text]))
}
