import { cpus, loadavg, release, totalmem } from 'node:os'

export function machineFacts(servers: { database: string; nats: string }): Record<string, string> {
  const [cpu] = cpus()
  return {
    cores: String(cpus().length),
    cpu: cpu?.model ?? 'unknown',
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    ...servers,
    'load average at start': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
  }
}
