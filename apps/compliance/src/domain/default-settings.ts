import { defaultPolicy } from '@heed/clearance'
import { defaultOptOutInstruction } from '@heed/wording'
import type { Settings } from '../schemas/accounts.ts'
import { defaultRepliesByLanguage } from './replies.ts'

/**
 * What holds for an account that has set nothing. The confirmation is one text without marketing, and the answer
 * to HELP names the sender and the way out (47 CFR 64.1200(a)(12); CTIA Messaging Principles 2023, 5.1.2).
 */
export const defaultSettings = (accountName: string): Settings => ({
  optOutInstruction: { broadcast: defaultOptOutInstruction, sequence: defaultOptOutInstruction },
  replies: {
    stop: `${accountName}: you are opted out and will get no more texts from us. Reply START to opt in again.`,
    start: `${accountName}: you are opted in again. Reply STOP to opt out, HELP for help.`,
    help: `${accountName}: reply STOP to opt out. Message and data rates may apply.`,
  },
  repliesByLanguage: defaultRepliesByLanguage(accountName),
  keywordReplies: 'heed',
  keywords: { optOut: [] },
  numberLimits: [],
  quietHours: 'off',
  caps: [],
  manualOptInOverTexted: false,
  likelyOptOuts: 'review',
  optOutBinds: 'person',
  policy: defaultPolicy,
})
