/** A way to break the system that the simulation has to notice. */
export type Mutant = CodeMutant | WorldMutant

/** A patch of the code: `find` must stand in the file exactly once. */
export interface CodeMutant {
  readonly id: string
  readonly breaks: string
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Other guards that have to go with the first, where any alone is enough. */
  readonly also?: readonly Omit<CodeMutant, 'id' | 'breaks' | 'also'>[]
}

/** Something about the machines that the protocol does not promise to survive. */
export interface WorldMutant {
  readonly id: string
  readonly breaks: string
  readonly world: 'fast-drift' | 'pause-after-gate'
}
