import { classify } from '@heed/keywords'
import { signWebhook } from '@heed/twilio'
import type { Rng } from '../chaos/plan/rng.ts'

/** What is posted to the carrier's door. */
export interface Attempt {
  readonly kind: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What an attacker does not know, and where the door stands. */
export interface Target {
  readonly publicUrl: string
  readonly authToken: string
  readonly accountSid: string
  /** Numbers that stand in the bodies, and must stand nowhere else. */
  readonly numbers: readonly string[]
  readonly businessNumber: string
}

const door = '/webhooks/twilio'
const doors = [door, `${door}/status`, `${door}/status?attempt=at_1&account=acme`, `${door}?x=%ff`] as const
const types = [
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'x',
  '',
] as const

/** A body that the carrier did not sign: nothing of it may be believed, and nothing written. */
export function unsigned(rng: Rng, target: Target): Attempt {
  const [kind, body] = rng.pick(unsignedKinds)(rng, target)
  const type = rng.pick(types)
  const headers = { ...(type === '' ? {} : { 'content-type': type }), ...wrongSignature(rng, target, body) }
  return { kind, path: rng.pick(doors), headers, body }
}

/** A body that the carrier signed and that is no message: nobody asked for anything, so no consent may change. */
export function signedNonsense(rng: Rng, target: Target): Attempt {
  const form = nonsense(rng, target)
  const path = rng.pick([door, `${door}/status`])
  const signature = signWebhook({ authToken: target.authToken, url: target.publicUrl + path, params: form })
  const body = Buffer.from(new URLSearchParams(form).toString())
  const headers = { 'content-type': types[0], 'x-twilio-signature': signature }
  return { kind: 'signed nonsense', path, headers, body }
}

type Kind = (rng: Rng, target: Target) => [string, Buffer]
const unsignedKinds: readonly Kind[] = [
  (rng) => ['random bytes', bytes(rng, rng.int(0, 2_000))],
  () => ['nothing', Buffer.alloc(0)],
  (rng, target) => ['a STOP', formOf(stop(rng, target))],
  (rng, target) => ['a STOP, cut off', cut(rng, formOf(stop(rng, target)))],
  (rng, target) => ['a STOP, some bytes changed', changed(rng, formOf(stop(rng, target)))],
  (rng, target) => ['JSON', Buffer.from(JSON.stringify({ ...stop(rng, target), data: [stop(rng, target)] }))],
  (rng) => ['JSON, nested deep', Buffer.from('[{"a":'.repeat(rng.int(1, 3_000)))],
  (rng) => [
    'escapes',
    Buffer.from('%'.repeat(rng.int(1, 300)) + rng.pick(['%u0041', '%E9', '%C0%80', '&&==&', '%00'])),
  ],
  (rng, target) => [
    'one field many times',
    Buffer.from(`From=${target.numbers[0]}&`.repeat(rng.int(2, 500))),
  ],
  (rng) => [
    'many fields',
    Buffer.from(Array.from({ length: rng.int(100, 3_000) }, (_, i) => `F${i}=`).join('&')),
  ],
  (rng) => ['a long field', Buffer.from(`Body=${'S'.repeat(rng.int(10_000, 60_000))}`)],
  (rng, target) => [
    'names of prototypes',
    Buffer.from(`__proto__[From]=${rng.pick(target.numbers)}&constructor=1&toString=x`),
  ],
  (rng, target) => [
    'multipart',
    Buffer.from(
      `--x\r\nContent-Disposition: form-data; name="From"\r\n\r\n${rng.pick(target.numbers)}\r\n--x`,
    ),
  ],
  (rng, target) => [
    'XML',
    Buffer.from(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${rng.pick(target.numbers)}">]><a>&b;</a>`),
  ],
]

function stop(rng: Rng, { accountSid, numbers, businessNumber }: Target): Record<string, string> {
  const MessageSid = `SM${Array.from({ length: 32 }, () => rng.int(0, 15).toString(16)).join('')}`
  return { MessageSid, AccountSid: accountSid, From: rng.pick(numbers), To: businessNumber, Body: 'STOP' }
}

/** A STOP without what makes it one: no sender, no text, or texts that ask for nothing. */
function nonsense(rng: Rng, target: Target): Record<string, string> {
  const form: Record<string, string> = { ...stop(rng, target), Body: words(rng) }
  for (const name of rng.shuffle(Object.keys(form)).slice(0, rng.int(0, 3))) delete form[name]
  if (rng.next() < 0.4)
    form.From = rng.pick(['', 'ACME', '+', '+0', `${rng.pick(target.numbers)}0000000`, '\u0000'])
  if (rng.next() < 0.4) form.To = rng.pick(['', 'ACME', '12', `whatsapp:${rng.pick(target.numbers)}`])
  if (rng.next() < 0.3) form.NumMedia = rng.pick(['-1', '1e9', 'NaN', '9'.repeat(400)])
  if (rng.next() < 0.3) form.MessageStatus = rng.pick(['', 'delivered', 'lost', '\ud800'])
  if (rng.next() < 0.3) form.MessageSid = rng.pick(['', '../..', '$where', 'x'.repeat(3_000)])
  return form
}

function words(rng: Rng): string {
  const text = Array.from({ length: rng.int(0, 40) }, () =>
    String.fromCodePoint(rng.pick([32, rng.int(97, 122), rng.int(0x1f300, 0x1f5ff), rng.int(0, 31)])),
  ).join('')
  return classify(text).intent === 'none' ? text : ''
}

function wrongSignature(rng: Rng, target: Target, body: Buffer): Record<string, string> {
  const wrong = signWebhook({
    authToken: `${target.authToken}0`,
    url: target.publicUrl + door,
    params: Object.fromEntries(new URLSearchParams(body.toString('latin1'))),
  })
  const none = 'no header at all'
  const signatures = [
    none,
    '',
    'AAAA',
    wrong,
    wrong.slice(0, 10),
    '='.repeat(5_000),
    '%00',
    wrong.toLowerCase(),
  ]
  const signature = rng.pick(signatures)
  return signature === none ? {} : { 'x-twilio-signature': signature }
}

const formOf = (form: Record<string, string>) => Buffer.from(new URLSearchParams(form).toString())
const bytes = (rng: Rng, length: number) => Buffer.from(Array.from({ length }, () => rng.int(0, 255)))
const cut = (rng: Rng, whole: Buffer) => whole.subarray(0, rng.int(0, whole.length - 1))

function changed(rng: Rng, whole: Buffer): Buffer {
  for (let times = rng.int(1, 8); times > 0; times--) whole[rng.int(0, whole.length - 1)] = rng.int(0, 255)
  return whole
}
