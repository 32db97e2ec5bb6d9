import { checkMutants } from './check-mutants.ts'
import { commitMutants } from './commit-mutants.ts'
import { foldMutants } from './fold-mutants.ts'
import { inboundMutants } from './inbound-mutants.ts'
import type { Mutant } from './mutant.ts'

export const allMutants: readonly Mutant[] = [
  ...checkMutants,
  ...commitMutants,
  ...foldMutants,
  ...inboundMutants,
]
