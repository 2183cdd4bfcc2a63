import type { Connection } from '../database.ts';

/** Of fewer, those that the server does not know yet cost nobody anything. */
const SETTLED_FROM = 20_000;

/**
 * Lets the server know that everybody sees the findings of an import that brought many: until then what is grouped by an index
 * alone looks at each row as well. It gets there by itself some minutes later, so nothing is lost where it may not or cannot now.
 */
export async function settleFindings(connection: Connection, created: number): Promise<void> {
  if (created < SETTLED_FROM) return;
  // What is imported is stored already, whatever becomes of this.
  await connection.query('vacuum (skip_locked) finding').catch(() => undefined);
}
