import type { ComplianceRouter } from '@heed/compliance/router'
import { readRunFile } from '@heed/local-stack'
import { createRpcClient, ownTokens, privateKeySetting } from '@heed/rpc'

/** Compliance, as an admin: by COMPLIANCE_URL and TOKEN_PRIVATE_KEY, or else what is running here. */
export function connectCompliance() {
  const running = readRunFile()
  const url = process.env.COMPLIANCE_URL ?? running?.processes.find(({ name }) => name === 'compliance')?.url
  const key = process.env.TOKEN_PRIVATE_KEY || running?.secrets.TOKEN_PRIVATE_KEY
  if (!url || !key)
    throw new Error('set COMPLIANCE_URL and TOKEN_PRIVATE_KEY, or start the system first ("npm run dev")')
  const token = ownTokens(privateKeySetting.parse(key), 'admin')
  return createRpcClient<ComplianceRouter>({ url, token, timeoutMs: 20_000 })
}
