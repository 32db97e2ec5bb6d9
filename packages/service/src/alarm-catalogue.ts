interface AlarmEntry {
  /** The log line's message. */
  readonly line: string
  /** Which promise may not hold meanwhile. */
  readonly premise: string
  /** What the operator does. */
  readonly todo: string
}

/** Every alarm that a service can raise: a premise of a promise failed, and a person must look. */
export const alarmCatalogue = {
  'late-first-byte': {
    line: 'a first byte was written more than 50 ms after the gate',
    premise: 'E1: a sender is not paused between gate and first byte',
    todo: 'Give the sender CPU: look for a throttled container, swapping, or a busy neighbour. The row is marked late; compare its times with those of an opt-out of that account.',
  },
  'audit-mismatch': {
    line: 'a text was let through that the ledger would have held',
    premise: 'E1, E2: a verdict that passes the gate is the authority’s',
    todo: 'Stop the senders. Look at consent.history of the text’s number, by its attempt, and run verify-ledger; finding: blocked, the number was blocked at the verdict’s rev; overdue, a block was missing that no lease excuses; ahead, the authority went back. It is a rollback, a stale primary or a bug.',
  },
  'rollback-seen': {
    line: 'compliance answered from before an earlier answer: its database went back',
    premise: 'E10: a restore is announced by a new epoch',
    todo: 'Stop the senders. If a backup was restored, run restore-epoch; if not, check that every member has its journal and that no member came back with an empty disk.',
  },
  'answer-unfit': {
    line: 'an answer of compliance does not fit its question, or contradicts itself',
    premise: 'E2: both sides run the same version of the protocol',
    todo: 'Texts of the account wait. Bring senders and compliance to one version; look at what stands between them.',
  },
  'hints-overflow': {
    line: 'more opt-outs wait for compliance than can be kept: every text is held',
    premise: 'E7: opt-outs are committed soon after they come',
    todo: 'Bring compliance and its database back; the hold ends a minute after the last hint.',
  },
  'clocks-apart': {
    line: 'wall clock and monotonic clock keep moving apart: texts are held',
    premise: 'E2: the clock is not set while a verdict is held',
    todo: 'Let chrony slew instead of stepping; look for two time services, or a virtual machine that is suspended again and again.',
  },
  'clock-stops': {
    line: 'the clock of this machine may stop with it',
    premise: 'E1, exception 3: a paused machine is seen by its clock',
    todo: 'Run senders where the clock goes on while a guest is paused (clock source tsc), or never pause, migrate or snapshot the guest while a sender runs.',
  },
  'fold-stopped': {
    line: 'the ledger contradicts itself: this account is not folded any more',
    premise: 'E3: a rev is given out once',
    todo: 'The account’s opt-outs are refused once 448 changes wait. Run verify-ledger, find which row differs; look for a rollback or a restore without restore-epoch.',
  },
  'fold-behind': {
    line: 'changes have waited for more than a minute to be folded',
    premise: 'E12: every queue drains',
    todo: 'Checks stay right, opt-outs are refused once 448 changes wait. Look at the database’s load and at earlier lines of compliance.',
  },
  'publish-behind': {
    line: 'changes have waited for more than a minute to be published',
    premise: 'E11: subscribers hear of every change',
    todo: 'Opt-outs bind by the lease meanwhile. Bring NATS back, and check compliance’s permissions there.',
  },
  'database-unsafe': {
    line: 'the database refuses what compliance needs at its start: linearizable reads, majority writes, its indexes',
    premise: 'E1, E7: reads cannot be stale, writes are not rolled back',
    todo: 'Compliance does not start. Use a replica set (or a sharded cluster) with journals and without an arbiter, and a user that may read and write its database.',
  },
  'stream-differs': {
    line: 'a NATS stream has other settings than it must have, and they cannot be changed from here',
    premise: 'E11: events are kept for a week, and a doubled one is dropped within two minutes',
    todo: 'Run prepare again (docker compose up prepare), or change the stream by hand; where retention or storage differ, delete it: compliance publishes again, subscribers read what they missed from consent.changes.',
  },
  'nats-refused': {
    line: 'NATS refuses this service something it needs',
    premise: 'E11: each service may do on NATS what it must',
    todo: 'Compare deploy/nats.conf with the server’s configuration and the user in NATS_URL.',
  },
  'call-refused': {
    line: 'a service of ours refuses our own calls',
    premise: 'E12: each service may call what it must',
    todo: 'Check that TOKEN_PUBLIC_KEYS of the service called names our key with our role and all accounts, and that the clocks of both machines agree within a minute.',
  },
  'journal-fleeting': {
    line: 'the journal does not look as if it outlived the process',
    premise: 'E7: an opt-out that was not committed is found after a crash',
    todo: 'Put DATA_DIR on a volume that outlives the container and the machine’s restart.',
  },
  'journal-unusable': {
    line: 'the journal takes nothing: opt-outs are committed without it',
    premise: 'E7: an opt-out that was not committed is found after a crash',
    todo: 'Look at the disk of DATA_DIR: full, read-only, or not the service’s own.',
  },
  'opt-out-waits': {
    line: 'an opt-out has waited in the journal for more than a minute',
    premise: 'E7: an opt-out that came is soon committed',
    todo: 'Senders hold its number as long as NATS works. Bring compliance and its database back; look at the lines of inbound-sms about texts that cannot be settled.',
  },
  'journal-behind': {
    line: 'the journal does not drain',
    premise: 'E12: every queue drains',
    todo: 'By its lane: commit waits for compliance or the carrier, store for MongoDB, publish for NATS.',
  },
  'reconcile-late': {
    line: 'the carrier’s list of messages has not been read to its end for too long',
    premise: 'E7: an opt-out that no webhook brought is found',
    todo: 'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, the way to the carrier, and inbound-sms’s lines about reconcile.',
  },
  'carrier-time': {
    line: 'the carrier says it took a text in later than we received it',
    premise: 'E5: the carrier’s clock and ours agree within some seconds',
    todo: 'Check this machine’s clock first. If it is right, opt-ins by text may be judged wrongly against opt-outs by hand: review today’s with consent.history.',
  },
  'texts-unowned': {
    line: 'texts are kept for business numbers that no account owns',
    premise: 'E7: an opt-out reaches its account',
    todo: 'Add the number to its account (accounts.addNumber): what was kept is applied at once. Numbers that are not yours any more: take the webhook away at the carrier.',
  },
  'texts-unusable': {
    line: 'texts are kept that compliance cannot take as they are',
    premise: 'E7: an opt-out reaches its account',
    todo: 'Read them in the collection “kept” of inbound-sms; record an opt-out by hand (consent.optOut) where one is meant.',
  },
} as const satisfies Record<string, AlarmEntry>

export type AlarmName = keyof typeof alarmCatalogue
