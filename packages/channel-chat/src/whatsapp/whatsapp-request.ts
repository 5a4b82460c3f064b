import { type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import { bodyValues, type WhatsAppButton, type WhatsAppContent, type WhatsAppHeader } from './whatsapp-content.js'

/** The call that sends a template (Meta, "Messages" of "WhatsApp Cloud API"). */
export function whatsappRequest(url: string, accessToken: string, to: string, content: WhatsAppContent): HttpRequest {
  const { template, language } = content
  const components = componentsOf(content)
  const body = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to,
    type: 'template',
    template: { name: template, language: { code: language }, ...(components.length > 0 && { components }) },
  }
  return jsonRequest(url, body, { authorization: `Bearer ${accessToken}` })
}

function componentsOf(content: WhatsAppContent): readonly unknown[] {
  const { header, buttons = [] } = content
  const values = bodyValues(content)
  return [
    ...(header === undefined ? [] : [{ type: 'header', parameters: [headerParameter(header)] }]),
    ...(values.length === 0 ? [] : [{ type: 'body', parameters: values.map(bodyParameter) }]),
    ...buttons.map(buttonComponent),
  ]
}

function headerParameter({ text, image, video, document }: WhatsAppHeader): unknown {
  if (image !== undefined) return { type: 'image', image: { link: image } }
  if (video !== undefined) return { type: 'video', video: { link: video } }
  if (document !== undefined) return { type: 'document', document: { link: document } }
  return { type: 'text', text: folded(text ?? '') }
}

function bodyParameter({ name, text }: { readonly name?: string; readonly text: string }): unknown {
  return { type: 'text', ...(name !== undefined && { parameter_name: name }), text: folded(text) }
}

function buttonComponent({ index, type, value }: WhatsAppButton): unknown {
  return { type: 'button', sub_type: type, index: String(index), parameters: [buttonParameter(type, value)] }
}

function buttonParameter(type: WhatsAppButton['type'], value: string): unknown {
  if (type === 'quick_reply') return { type: 'payload', payload: value }
  return type === 'copy_code' ? { type: 'coupon_code', coupon_code: value } : { type: 'text', text: value }
}

/** Meta refuses a parameter with a line break, a tab or more than four spaces in a row: each becomes a space. */
function folded(text: string): string {
  return text.replaceAll(/\s+/g, (space) => (space.length > 4 || /[^ \u00a0]/.test(space) ? ' ' : space))
}
