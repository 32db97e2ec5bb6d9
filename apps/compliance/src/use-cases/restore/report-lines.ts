import type { RestoreReport } from './restore-epoch.ts'

/** What the operator reads: what was done, or would be, and what to do next. Names accounts, never a person. */
export function reportLines(report: RestoreReport, { dryRun }: { dryRun: boolean }): string[] {
  const { accounts, newEpochs, madeAgain, numbersGivenBack, since, lost } = report
  const [gets, comes] = dryRun ? ['would get', 'would be committed again'] : ['got', 'committed again']
  const total = lost.reduce((sum, { fromEvents, fromTexts }) => sum + fromEvents + fromTexts, 0)
  return [
    `texts were asked for since ${since.toISOString()}`,
    ...lost.map(
      ({ accountId, fromEvents, fromTexts }) =>
        `  ${accountId}: ${fromEvents} changes from their events, ${fromTexts} from texts received`,
    ),
    ...madeAgain.map((a) => `  ${a}: not in the backup; its name and settings are to be given again`),
    `${newEpochs} of ${accounts} accounts ${gets} a new epoch`,
    `${numbersGivenBack} business numbers ${dryRun ? 'would go' : 'went'} back to their accounts`,
    `${total} changes ${comes}`,
    dryRun
      ? 'nothing was written'
      : 'verdicts of before the restore have expired: start compliance, then run npm run verify-ledger',
  ]
}
