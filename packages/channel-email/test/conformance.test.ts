import { driverCases, runCase } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { openScriptedSubject } from './support/scripted-subject.js'
import { openSesSubject, openThinSesSubject } from './support/ses-subject.js'
import { openSmtpSubject } from './support/smtp-subject.js'

describe.each([
  ['smtp and smtp-server', openSmtpSubject],
  ['smtp and a server that breaks', openScriptedSubject],
  ['ses and its stand-in', openSesSubject],
  ['ses by the thin client and its stand-in', openThinSesSubject],
])('%s', (_name, open) => {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, open, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})
