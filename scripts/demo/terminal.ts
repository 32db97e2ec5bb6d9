import { styleText } from 'node:util'

export interface Terminal {
  /** A step of the story: when it happened since the demo began, and what. */
  step(what: string): void
  heading(text: string): void
  plain(text: string): void
  /** A line that is drawn over while work goes on; nothing where the output is no terminal. */
  progress(done: number, total: number, what: string): void
  endProgress(): void
}

/** Colours and a progress bar only on a terminal; elsewhere plain lines. */
export function openTerminal(out: NodeJS.WriteStream): Terminal {
  const startedAt = performance.now()
  const isTerminal = out.isTTY === true
  const paint = (style: 'bold' | 'dim' | 'cyan', text: string) =>
    isTerminal ? styleText(style, text, { stream: out }) : text
  const clear = () => {
    if (isTerminal) out.write('\r\x1b[2K')
  }
  return {
    step(what) {
      clear()
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(2).padStart(6)
      out.write(`${paint('dim', `${seconds} s`)}  ${what}\n`)
    },
    heading(text) {
      clear()
      out.write(`\n${paint('bold', text)}\n`)
    },
    plain(text) {
      clear()
      out.write(`${text}\n`)
    },
    progress(done, total, what) {
      if (!isTerminal) return
      const width = 30
      const full = Math.round((width * done) / Math.max(1, total))
      const bar = paint('cyan', '█'.repeat(full)) + '░'.repeat(width - full)
      out.write(`\r\x1b[2K          ${bar} ${done}/${total} ${what}`)
    },
    endProgress: clear,
  }
}

/** Columns of equal width, numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
        })
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n')
}
