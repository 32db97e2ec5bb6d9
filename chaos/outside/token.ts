import { createPrivateKey, sign } from 'node:crypto'

/** An Ed25519 key as `TOKEN_PRIVATE_KEY` has it. */
export interface SigningKey {
  kty: string
  crv: string
  kid: string
  x: string
  d: string
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as any program may make one that holds a key; every part of it can be made wrong. */
export function makeToken(
  key: SigningKey,
  claims: { role: string; accounts: readonly string[]; [claim: string]: unknown },
  header: Record<string, unknown> = {},
): string {
  const now = Math.floor(Date.now() / 1000)
  const unsigned = [
    base64url({ alg: 'EdDSA', kid: key.kid, ...header }),
    base64url({ aud: 'heed', iat: now, exp: now + 3_600, ...claims }),
  ].join('.')
  const privateKey = createPrivateKey({ key: { ...key }, format: 'jwk' })
  return `${unsigned}.${sign(null, Buffer.from(unsigned), privateKey).toString('base64url')}`
}
