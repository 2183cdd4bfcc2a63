import { cpus, release, totalmem } from 'node:os';

/** What the figures were taken on: without it they say little. */
export function machineFacts(postgres: string): readonly string[] {
  const [cpu] = cpus();
  return [
    `${cpus().length} cores of ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${process.platform} ${release()}`,
    `Node ${process.version}, PostgreSQL ${postgres} (embedded)`,
  ];
}
