/**
 * Words that opt out when they are the whole message: the seven of 47 CFR 64.1200(a)(10), the sets of Twilio
 * and Aloware, and the two-word forms of Telnyx and AWS (a hyphen counts as a space).
 */
export const optOutKeywords = [
  'STOP',
  'STOPALL',
  'STOP ALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'OPT OUT',
] as const

/** Words that opt in again (Twilio, Aloware). What a YES is worth where nothing blocks is not decided here. */
export const optInKeywords = ['START', 'YES', 'UNSTOP'] as const

/** Words that ask for help (CTIA Short Code Monitoring Handbook; Twilio). */
export const helpKeywords = ['HELP', 'INFO'] as const
