import type { ServingProcess } from './await-services.ts'

/** One line for each process: name, address, process number. */
export function table(processes: readonly ServingProcess[]): string[] {
  const nameWidth = Math.max(...processes.map(({ name }) => name.length))
  const urlWidth = Math.max(...processes.map(({ url }) => url.length))
  const rows = processes.map(
    ({ name, url, pid }) => `  ${name.padEnd(nameWidth)}  ${url.padEnd(urlWidth)}  pid ${pid}`,
  )
  return ['', 'Heed is running. Ctrl-C stops all of it.', ...rows, '']
}
