import type { ProcedureMeta } from '@heed/rpc'
import { z } from 'zod'
import { typeText } from './type-text.ts'

interface Procedure {
  _def: { type: string; inputs: z.ZodType[]; output: z.ZodType; meta: ProcedureMeta }
}
export interface Service {
  name: string
  port: number
  router: { _def: { procedures: Record<string, unknown> } }
}

const intro = `# Procedures

Made from the routers by \`npm run docs\`; \`npm run check\` fails while it is stale.

Every call is \`POST /trpc/<procedure>\` with the input as plain JSON and \`Authorization: Bearer <token>\`
(\`npm run -s token\` prints one). The answer is \`{"result": {"data": …}}\`, or \`{"error": {…}}\` with a typed
\`data.reason\`. A subscription answers with server-sent events instead: \`data:\` and each item, until \`event: end\`.
Unknown keys are refused. \`E164\` is a number such as \`+15551234567\`, \`Time\` an ISO 8601 time
in UTC.
`

/** Every procedure of every service: what it promises, who may call it, with what, to what answer. */
export function apiPage(services: readonly Service[]): string {
  const sections = services.map(({ name, port, router }) => {
    const procedures = Object.entries(router._def.procedures) as [string, Procedure][]
    return [
      `## ${name} (:${port})`,
      ...procedures.map(([path, procedure]) => procedureText(path, procedure)),
    ].join('\n\n')
  })
  return `${[intro.trimEnd(), ...sections].join('\n\n')}\n`
}

function procedureText(path: string, { _def }: Procedure): string {
  const input = _def.inputs[0] ? typeText(schemaOf(_def.inputs[0], 'input')) : 'nothing'
  const told = _def.meta.yields ?? _def.output
  const output = typeText(schemaOf(told, 'output'))
  const answer = _def.meta.yields ? 'each item' : 'output'
  return [
    `### ${path}`,
    `${_def.meta.description}`,
    `Roles: ${_def.meta.roles.join(', ')}. A ${_def.type}.`,
    `\`\`\`ts\n// input\n${input}\n// ${answer}\n${output}\n\`\`\``,
  ].join('\n\n')
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
}
