import { parseQuery } from '#domain/query/parse-query.ts';

/** Refuses a text that is no query before anything is opened for it. Throws `usage`. */
export function checkQuery(text: string): void {
  parseQuery(text);
}
