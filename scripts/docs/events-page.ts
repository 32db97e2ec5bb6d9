import { carrierOptOuts, type EventContract } from '@heed/events'
import { z } from 'zod'
import { typeText } from './type-text.ts'

const intro = `# Events

Made from the contracts of \`packages/events\` by \`npm run docs\`; \`npm run check\` fails while it is stale.

Each is JSON on a NATS subject that ends in the account. An event of a stream is delivered at least once, in any
order: apply the rev that follows your last, ignore older ones, and ask the owner for a gap, at your start and every
minute: \`consent.changes\`, from 0 when the epoch is another, and \`contacts.changes\`, from the last cursor. Events never allow a text; only \`clearance.check\` does.
`

/** Every event: subject, stream, message id and schema. */
export function eventsPage(contracts: readonly EventContract[]): string {
  return `${[intro.trimEnd(), ...contracts.map(contractText), carriersText()].join('\n\n')}\n`
}

function contractText(contract: EventContract): string {
  const kept = contract.stream
    ? `Kept in the JetStream stream \`${contract.stream}\`.`
    : 'Not kept: core NATS, at most once.'
  return [
    `## ${contract.name}`,
    contract.description,
    `Subject \`${contract.subject('<account>')}\`. ${kept}`,
    `\`\`\`ts\n${typeText(z.toJSONSchema(contract.schema, { unrepresentable: 'any', reused: 'inline' }) as object)}\n\`\`\``,
  ].join('\n\n')
}

function carriersText(): string {
  const rows = Object.entries(carrierOptOuts).map(
    ([carrier, { code, told, source }]) => `| ${carrier} | \`${code}\` | ${told.join(', ')} | ${source} |`,
  )
  return [
    '## Opt-outs that carriers tell of',
    "A number that a carrier refuses by one of these codes goes on the list `carrier`: it blocks, is never shown as the person's own opt-out, and ends with a START. A code means this with its own carrier alone. Heed hands texts to Twilio; the others are told apart for adapters that are still to be written.",
    ['| carrier | code | told in | source |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}
