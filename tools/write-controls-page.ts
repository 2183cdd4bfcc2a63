/** Writes `docs/reference/controls.md` from the catalogue; the test of the house that holds the two equal says when. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { controlsPage } from './controls-page.ts';

await writeFile(join(import.meta.dirname, '../docs/reference/controls.md'), controlsPage());
