/** Writes `docs/reference/facts.md` from the shapes of facts; the test of the house that holds the two equal says when. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { factsPage } from './facts-page.ts';

await writeFile(join(import.meta.dirname, '../docs/reference/facts.md'), factsPage());
