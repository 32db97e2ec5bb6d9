import type { ComplianceRouter } from '@heed/compliance/router'
import { createTRPCClient, httpLink } from '@trpc/client'

const { COMPLIANCE_URL, TOKEN } = process.env
const headers = { authorization: `Bearer ${TOKEN}` }
const compliance = createTRPCClient<ComplianceRouter>({
  links: [httpLink({ url: `${COMPLIANCE_URL}/trpc`, methodOverride: 'POST', headers })],
})
const answers = await compliance.clearance.check.query({
  asks: [{ accountId: 'acme', numbers: ['+15552000000', '+15553000001'] }],
})
console.log(JSON.stringify(answers, null, 2))
