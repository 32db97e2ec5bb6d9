export type Invariant =
  | 'E1'
  | 'E2'
  | 'E3'
  | 'E4'
  | 'E5'
  | 'E6'
  | 'E7'
  | 'E8'
  | 'E9'
  | 'E10'
  | 'E11'
  | 'E12'
  | 'alarm'

export interface Violation {
  readonly invariant: Invariant
  readonly text: string
}

/** Tells of a violation; of many of one invariant the first few say enough. */
export type Report = (invariant: Invariant, text: string) => void

const keptOfEach = 5

export function violationList(): { report: Report; violations: Violation[] } {
  const violations: Violation[] = []
  const counts = new Map<Invariant, number>()
  return {
    violations,
    report(invariant, text) {
      const count = (counts.get(invariant) ?? 0) + 1
      counts.set(invariant, count)
      if (count <= keptOfEach) violations.push({ invariant, text })
    },
  }
}
