import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { asRefusal, type Connection } from '../database.ts';

export type CopyValue = string | number | bigint | boolean | null | readonly string[];

/** One row in PostgreSQL's COPY text format. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = '';
  for (let i = 0; i < values.length; i++) line += (i === 0 ? '' : '\t') + copyField(values[i] as CopyValue);
  return `${line}\n`;
}

function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'object')
    return escapeText(`{${value.map((each) => `"${each.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  return String(value);
}

// PostgreSQL stores no NUL.
const SPECIAL = /[\\\n\r\t\0]/;

const EVERY_SPECIAL = new RegExp(SPECIAL, 'g');
const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\ufffd',
};

function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(EVERY_SPECIAL, (character) => ESCAPED[character] ?? '');
}

/** Sends lines made by `copyLine` into a table. */
export async function copyInto(
  connection: Connection,
  table: string,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  const stream = connection.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
  try {
    await pipeline(Readable.from(inBlocks(lines)), stream);
  } catch (error) {
    throw asRefusal(error);
  }
}

const BLOCK_LINES = 500;

function* inBlocks(lines: readonly string[]): Iterable<Buffer> {
  for (let i = 0; i < lines.length; i += BLOCK_LINES)
    yield Buffer.from(lines.slice(i, i + BLOCK_LINES).join(''));
}
