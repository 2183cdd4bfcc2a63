/** Writes `docs/reference/formats.md` from the list of formats; the test of the house that holds the two equal says when. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatsPage } from './formats-page.ts';

await writeFile(join(import.meta.dirname, '../docs/reference/formats.md'), formatsPage());
