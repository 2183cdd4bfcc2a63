import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '../..');

/** What takes longest on a quiet machine; a run prints its ten slowest files. */
const SLOWEST = [
  'test/naive-inbox.test.ts',
  'test/e2e/web-screens.test.ts',
  'test/e2e/web.test.ts',
  'test/e2e/serve.test.ts',
  'test/kill.test.ts',
  'test/incremental.test.ts',
  'src/store/embedded/supervisor.test.ts',
  'test/e2e/database-url.test.ts',
  'test/e2e/kill-server.test.ts',
  'test/every-sample.test.ts',
  'test/e2e/command-line.test.ts',
  'bin/launch/launch.test.ts',
  'test/undo-import.test.ts',
  'src/store/embedded/upgrade-backup.test.ts',
  'src/store/migrate.test.ts',
  'src/formats/formats.fuzz.test.ts',
  'src/formats/formats.test.ts',
  'test/worlds/walked.test.ts',
  'test/worlds/reasoned.test.ts',
  'src/domain/exposure/aws-affected.test.ts',
  'test/worlds/walked-fresh.test.ts',
  'test/worlds/walked-pivots.test.ts',
  'test/worlds/fortnight.test.ts',
  'test/concurrency.test.ts',
  'test/house/types.test.ts',
].map((path) => resolve(ROOT, path));

/** The slowest files first, so that no process is left with one of them when the others are done. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = SLOWEST.find((path) => !existsSync(path));
    if (gone !== undefined) throw new Error(`${gone} is no file: take it out of the slowest`);
    const place = ({ moduleId }: TestSpecification) => {
      const index = SLOWEST.indexOf(moduleId);
      return index === -1 ? SLOWEST.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
