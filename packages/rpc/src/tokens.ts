import { jsonSetting } from '@heed/service'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

/** sender asks and refuses; inbound records what people text; operator works by hand; admin may all of it. */
export const Role = z.enum(['sender', 'inbound', 'operator', 'admin'])
export type Role = z.infer<typeof Role>

/** Who calls: proven by a token, bounded by what the server's configuration grants its key. */
export interface Caller {
  readonly keyId: string
  readonly role: Role
  mayActFor(accountId: string): boolean
  readonly actsForAll: boolean
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const PublicKey = z.strictObject({
  kid: z.string().min(1),
  x: base64url,
  roles: z.array(Role).min(1),
  accounts: z.array(z.string()).min(1),
})
export type PublicKey = z.infer<typeof PublicKey>

const PrivateKey = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: base64url,
  d: base64url,
})
export type PrivateKey = z.infer<typeof PrivateKey>

/** An Ed25519 private key as a JWK with `kid`, in JSON. */
export const privateKeySetting = jsonSetting(PrivateKey)
/** Which key may act as which roles for which accounts (`*`: all), as a JSON list. */
export const publicKeysSetting = jsonSetting(z.array(PublicKey).min(1))

const audience = 'heed'
const lifetimeMaxSeconds = 3_600
const Claims = z.object({
  role: Role,
  accounts: z.array(z.string()).min(1).max(100),
  iat: z.number(),
  exp: z.number(),
})

/** A new key pair; the second half is what a server's TOKEN_PUBLIC_KEYS holds for it. */
export async function generateKey(
  grant: Omit<PublicKey, 'x'>,
): Promise<{ privateKey: PrivateKey; publicKey: PublicKey }> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { x, d } = await exportJWK(privateKey)
  const key = PrivateKey.parse({ kty: 'OKP', crv: 'Ed25519', kid: grant.kid, x, d })
  return { privateKey: key, publicKey: { ...grant, x: key.x } }
}

/** Signs a token of `ttlSeconds` (1 to 3,600). */
export async function signToken(options: {
  key: PrivateKey
  role: Role
  accounts: readonly string[]
  ttlSeconds: number
}): Promise<string> {
  const ttlSeconds = z.int().min(1).max(lifetimeMaxSeconds).parse(options.ttlSeconds)
  const issuedAt = Math.floor(Date.now() / 1000)
  return new SignJWT({ role: options.role, accounts: [...options.accounts] })
    .setProtectedHeader({ alg: 'EdDSA', kid: options.key.kid })
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(await importJWK(options.key, 'EdDSA'))
}

/** A source of tokens for one service's own calls: signed when needed, used until a minute before it expires. */
export function ownTokens(key: PrivateKey, role: Role): () => Promise<string> {
  const ttlSeconds = 300
  let current: { token: Promise<string>; until: number } | undefined
  return () => {
    if (!current || performance.now() >= current.until) {
      const token = signToken({ key, role, accounts: ['*'], ttlSeconds })
      current = { token, until: performance.now() + (ttlSeconds - 60) * 1000 }
    }
    return current.token
  }
}

export type TokenVerifier = (token: string) => Promise<Caller | null>

/**
 * Answers who a token proves, or null for whatever is wrong with it: form, signature, unknown key, audience,
 * lifetime, or a role or account that the key is not granted. Verified tokens are remembered until they
 * expire, at most a thousand.
 */
export async function tokenVerifier(keys: readonly PublicKey[], now = Date.now): Promise<TokenVerifier> {
  const known = new Map<string, { key: CryptoKey; grant: PublicKey }>()
  for (const grant of keys) {
    const key = (await importJWK({ kty: 'OKP', crv: 'Ed25519', x: grant.x }, 'EdDSA')) as CryptoKey
    known.set(grant.kid, { key, grant })
  }
  const remembered = new Map<string, { caller: Caller; expiresAt: number }>()

  return async (token) => {
    const hit = remembered.get(token)
    if (hit && now() < hit.expiresAt) return hit.caller
    const verified = await verify(token, known, now())
    if (!verified) return null
    if (remembered.size >= 1_000) remembered.clear()
    remembered.set(token, verified)
    return verified.caller
  }
}

async function verify(
  token: string,
  known: ReadonlyMap<string, { key: CryptoKey; grant: PublicKey }>,
  nowMs: number,
): Promise<{ caller: Caller; expiresAt: number } | null> {
  try {
    let keyId = ''
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        keyId = kid ?? ''
        const entry = known.get(keyId)
        if (!entry) throw new Error('unknown key')
        return entry.key
      },
      { algorithms: ['EdDSA'], audience, currentDate: new Date(nowMs), requiredClaims: ['exp', 'iat'] },
    )
    const claims = Claims.parse(payload)
    const grant = known.get(keyId)?.grant
    const isTooLong = claims.exp - claims.iat > lifetimeMaxSeconds
    const isFromTheFuture = claims.iat * 1000 > nowMs + 60_000
    if (!grant || isTooLong || isFromTheFuture || !grant.roles.includes(claims.role)) return null
    const accounts = grantedAccounts(grant.accounts, claims.accounts)
    if (!accounts) return null
    return { caller: callerOf(keyId, claims.role, accounts), expiresAt: claims.exp * 1000 }
  } catch {
    return null
  }
}

function grantedAccounts(granted: readonly string[], claimed: readonly string[]): ReadonlySet<string> | null {
  const isGranted = granted.includes('*') || claimed.every((id) => granted.includes(id))
  return isGranted ? new Set(claimed) : null
}

function callerOf(keyId: string, role: Role, accounts: ReadonlySet<string>): Caller {
  const actsForAll = accounts.has('*')
  return { keyId, role, actsForAll, mayActFor: (accountId) => actsForAll || accounts.has(accountId) }
}
