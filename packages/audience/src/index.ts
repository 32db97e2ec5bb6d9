export { AudienceCursor, audiencePage } from './audience.ts'
export { type AudiencePage, type ContactsRpc, openAudiences, openPeople, type Person } from './audiences.ts'
export { folded } from './folded.ts'
