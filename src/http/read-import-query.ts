import type { ImportOptions } from '#app/import/import-options.ts';
import { InboxError } from '#base/inbox-error.ts';
import type { ImportQuery } from '#contract/import.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const NO_FILE_NAME = /[/\\\u0000-\u001f\u007f]|^\.{0,2}$/;

/** What the parameters of an upload say about the report. Throws `usage`. */
export function readImportQuery(query: ImportQuery): ImportOptions {
  if (NO_FILE_NAME.test(query.name))
    throw new InboxError('usage', 'query/name: the name of a file is expected, without folders.');
  return {
    format: query.format ?? null,
    mapping: query.mapping ?? null,
    source: query.source ?? null,
    scope: readScope(query.scope ?? ''),
    complete: query.complete === 'true',
    confirm: query.confirm === 'true',
    separate: query.separate === 'true',
    root: query.root ?? null,
    account: query.account ?? null,
    region: query.region ?? null,
    environment: query.env ?? null,
    services: query.service ?? [],
    team: query.team ?? null,
  };
}

const PAIR = /^([a-z][a-z0-9_-]*)=(.+)$/;

function readScope(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, key, value] = PAIR.exec(part) ?? [];
      if (key !== undefined && value !== undefined) return [key, value] as const;
      throw new InboxError('usage', 'query/scope: pairs such as cluster=prod,namespace=shop are expected.');
    });
  return Object.fromEntries(pairs);
}
