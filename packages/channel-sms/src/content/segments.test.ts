import { describe, expect, it } from 'vitest'
import { countSegments } from './segments.js'

const gsm = (count: number) => ({ encoding: 'gsm-7', count })
const ucs = (count: number) => ({ encoding: 'ucs-2', count })

describe('countSegments', () => {
  it.each<[string, string, object]>([
    ['an empty text is one message', '', gsm(1)],
    ['160 of the alphabet', 'x'.repeat(160), gsm(1)],
    ['161 become two of 153', 'x'.repeat(161), gsm(2)],
    ['306', 'x'.repeat(306), gsm(2)],
    ['307', 'x'.repeat(307), gsm(3)],
    ['every letter of the basic alphabet', '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà', gsm(1)],
    ['the extension takes two places', '€'.repeat(80), gsm(1)],
    ['81 times two places', '€'.repeat(81), gsm(2)],
    ['every letter of the extension', '\f^{}\\[~]|€', gsm(1)],
    // 152 places, and two that do not fit beside them in a part of 153.
    ['a letter of two places is not cut in two', `${'x'.repeat(152)}€${'x'.repeat(152)}`, gsm(3)],
    ['ç is not Ç', 'ç', ucs(1)],
    ['70 of another alphabet', '字'.repeat(70), ucs(1)],
    ['71 become two of 67', '字'.repeat(71), ucs(2)],
    ['134', '字'.repeat(134), ucs(2)],
    ['135', '字'.repeat(135), ucs(3)],
    ['one letter of another alphabet makes them all so', `${'x'.repeat(70)}字`, ucs(2)],
    ['an emoji takes two places', '😀'.repeat(35), ucs(1)],
    ['36 of them', '😀'.repeat(36), ucs(2)],
    // 66 places, and two that do not fit beside them in a part of 67.
    ['an emoji is not cut in two', `${'字'.repeat(66)}😀${'字'.repeat(66)}`, ucs(3)],
  ])('%s', (_what, text, segments) => expect(countSegments(text)).toEqual(segments))
})
