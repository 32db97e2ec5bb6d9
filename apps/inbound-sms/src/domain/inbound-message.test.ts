import { expect, test } from 'vitest'
import { InboundMessage, readInboundMessage } from './inbound-message.ts'

const fallback = { id: 'unnamed-1', carrierAccount: 'AC1', receivedAt: '2025-01-01T12:00:00.000Z' }
const read = (form: Record<string, string>) => readInboundMessage(Object.entries(form), fallback)

test('a form is read as it is, the text untouched', () => {
  const form = {
    MessageSid: 'SM1',
    AccountSid: 'AC2',
    From: '+15550001111',
    To: '+15550002222',
    Body: ' Stop ',
    OptOutType: 'STOP',
    NumMedia: '2',
  }
  expect(read(form)).toEqual({
    id: 'SM1',
    carrierAccount: 'AC2',
    from: '+15550001111',
    to: '+15550002222',
    text: ' Stop ',
    optOutType: 'STOP',
    mediaCount: 2,
    receivedAt: fallback.receivedAt,
    via: 'webhook',
  })
})

test('whatever is missing or odd, a message comes out that the journal can hold', () => {
  const odd = ['', ' ', '\u0000', 'ä'.repeat(300), '{}', '__proto__']
  for (const value of odd) {
    const form = {
      MessageSid: value,
      AccountSid: value,
      From: value,
      To: value,
      Body: value,
      NumMedia: value,
    }
    const message = read({ ...form, OptOutType: value, MessagingServiceSid: value })
    expect(InboundMessage.parse(JSON.parse(JSON.stringify(message)))).toEqual(message)
    expect(message.id).toMatch(/^[\x21-\x7e]{1,100}$/)
  }
  expect(read({})).toMatchObject({ id: 'unnamed-1', carrierAccount: 'AC1', from: '', to: '', text: '' })
})

test('the first of repeated fields counts', () => {
  const entries = [
    ['Body', 'STOP'],
    ['Body', 'START'],
  ] as const
  expect(readInboundMessage(entries, fallback).text).toBe('STOP')
})

test('a tap on a button is read where there is no body', () => {
  expect(read({ ButtonText: 'Stop' }).text).toBe('Stop')
})
