import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InboxError } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import type { Queryable } from './database.ts';
import { dumpSchema } from './schema.ts';

const EXPECTED = new URL('schema.sql', import.meta.url);

/**
 * Refuses a database that is not as the migrations of this program leave it: one that an edited form of them made, or
 * that somebody changed by hand. Columns, constraints and unique indexes have to be there as they are in `schema.sql`;
 * what is there besides, and indexes that only make it faster, are the operator's business. Looks once for each form of
 * the schema, and leaves a note of it on the table `migration`. Throws `database_unsupported`.
 */
export async function checkSchema(db: Queryable): Promise<void> {
  const expected = await readFile(EXPECTED, 'utf8');
  const note = `schema ${createHash('sha256').update(expected).digest('hex')}`;
  const { rows } = await db.query<{ note: string | null }>(
    "select obj_description('migration'::regclass, 'pg_class') as note",
  );
  if (rows[0]?.note === note) return;
  const missing = missingLines(expected, await dumpSchema(db));
  if (missing[0] !== undefined) throw otherSchema(missing[0], missing.length);
  // The note is hexadecimal digits of ours: a comment takes no parameters.
  await db.query(`comment on table migration is '${note}'`);
}

interface SchemaLine {
  readonly table: string;
  /** A column, a constraint or a unique index, as the dump writes it. */
  readonly text: string;
}

function missingLines(expected: string, found: string): readonly SchemaLine[] {
  const there = new Set(linesOf(found).map(keyOf));
  return linesOf(expected).filter((line) => !there.has(keyOf(line)));
}

function keyOf({ table, text }: SchemaLine): string {
  return `${table} ${text}`;
}

/** The lines of a dump that have to be there. */
function linesOf(dump: string): readonly SchemaLine[] {
  let table = '';
  const lines: SchemaLine[] = [];
  for (const line of dump.split('\n')) {
    table = /^create (?:unlogged )?table (\S+) \(/.exec(line)?.[1] ?? table;
    if (/^ {2}|^create unique index /i.test(line))
      lines.push({ table, text: line.trim().replace(/[,;]$/, '') });
  }
  return lines;
}

function otherSchema({ table, text }: SchemaLine, count: number): InboxError {
  const others = count === 1 ? '' : `, and ${counted(count - 1, 'other line')} of the schema`;
  return new InboxError(
    'database_unsupported',
    `The database is not as the migrations of this program leave it: expected "${text}" in the table ${table}, found nothing like it${others}. Another form of the program made it, or it was changed by hand. Start the program that made it, or use other data with --data and import the reports again.`,
  );
}
