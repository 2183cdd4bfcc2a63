import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';

/** Makes a data folder whose cluster is there already, as after a first start; making one takes seconds. */
export function makeReadyData(dataDirectory: string): void {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o711 });
  execFileSync('cp', ['-a', inject('readyCluster'), join(dataDirectory, 'postgres')]);
}

/** The database of a data folder for tests that are not about starting one: the commands adopt what runs already. */
export function startReadyDatabase(dataDirectory: string): Promise<EmbeddedPostgres> {
  makeReadyData(dataDirectory);
  return startEmbeddedPostgres({ dataDirectory });
}
