import { createCipheriv, createDecipheriv } from 'node:crypto'

/**
 * Seals a secret for one link with AES-256-GCM, so that a copy of the database tells none and no link can use
 * another's. `iv` is 12 random bytes, new for each.
 */
export function seal(key: Buffer, linkId: string, secret: string, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(linkId))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Throws where the key is another, the link is another or a bit was changed. */
export function unseal(key: Buffer, linkId: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(linkId))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}
