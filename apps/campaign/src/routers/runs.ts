import { procedure, subscription } from '@heed/rpc'
import {
  BroadcastOutput,
  ListInput,
  ListOutput,
  OneBroadcastInput,
  RecipientsInput,
  RecipientsOutput,
  ScheduleInput,
  StateOutput,
} from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

/** What moves a broadcast, and what is seen of it. */
export const runProcedures = ({ move, read, watch }: Pick<UseCases, 'move' | 'read' | 'watch'>) => ({
  schedule: procedure({
    description:
      'Has a draft started at a time that is yet to come, to the second; again, at another. It takes no recipients meanwhile.',
    roles,
    input: ScheduleInput,
    output: StateOutput,
  }).mutation(({ input: { startsAt, ...one } }) => move('schedule', one, new Date(startsAt))),
  unschedule: procedure({
    description: 'Makes a scheduled broadcast a draft again.',
    roles,
    input: OneBroadcastInput,
    output: StateOutput,
  }).mutation(({ input }) => move('unschedule', input)),
  start: procedure({
    description: 'Lets a draft be sent. Each text goes only if nothing blocks its number in that instant.',
    roles,
    input: OneBroadcastInput,
    output: StateOutput,
  }).mutation(({ input }) => move('start', input)),
  pause: procedure({
    description: 'Hands over no more texts, within about 150 ms; what is in flight ends by its own result.',
    roles,
    input: OneBroadcastInput,
    output: StateOutput,
  }).mutation(({ input }) => move('pause', input)),
  resume: procedure({
    description: 'Goes on with a paused broadcast.',
    roles,
    input: OneBroadcastInput,
    output: StateOutput,
  }).mutation(({ input }) => move('resume', input)),
  cancel: procedure({
    description:
      'Ends a broadcast for good: what waits becomes suppressed (`cancelled`), what is in flight ends by its own result.',
    roles,
    input: OneBroadcastInput,
    output: StateOutput,
  }).mutation(({ input }) => move('cancel', input)),
  get: procedure({
    description: 'One broadcast with its progress: five counts that sum to its recipients at every instant.',
    roles,
    input: OneBroadcastInput,
    output: BroadcastOutput,
  }).query(({ input }) => read.get(input)),
  watch: subscription(
    {
      description:
        'The same whenever it has changed, at most twice a second, until the broadcast has come to its end and nothing of it waits.',
      roles,
      input: OneBroadcastInput,
      yields: BroadcastOutput,
    },
    watch,
  ),
  list: procedure({
    description: "An account's broadcasts, the newest first, a page at a time.",
    roles,
    input: ListInput,
    output: ListOutput,
  }).query(({ input }) => read.list(input)),
  recipients: procedure({
    description: 'Every recipient with its state and all its reasons, in the order given, a page at a time.',
    roles,
    input: RecipientsInput,
    output: RecipientsOutput,
  }).query(({ input }) => read.recipients(input)),
})
