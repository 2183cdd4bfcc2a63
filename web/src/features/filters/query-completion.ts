import type { QueryField } from '../../../../src/contract/query-field.ts';

/** What could stand at the cursor instead of the text from `from` to `to`. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly choices: readonly Choice[];
}

interface Choice {
  readonly text: string;
  /** What it is, for a field; empty for a value. */
  readonly hint: string;
}

const SHOWN_MAX = 8;

/** The fields that begin as the word before the cursor does, or the values of its field; null where there are none. */
export function completionAt(text: string, cursor: number, fields: readonly QueryField[]): Completion | null {
  const before = text.slice(0, cursor);
  // Inside a phrase everything is said as it stands.
  if ((before.match(/"/g) ?? []).length % 2 === 1) return null;
  const word = /[^\s("-][^\s("]*$/.exec(before)?.[0] ?? '';
  const colon = word.indexOf(':');
  const typed = colon === -1 ? word : (/[^:,<>=]*$/.exec(word.slice(colon))?.[0] ?? '');
  const choices = colon === -1 ? fieldsLike(word, fields) : valuesLike(typed, word.slice(0, colon), fields);
  return choices.length === 0 ? null : { from: cursor - typed.length, to: cursor, choices };
}

function fieldsLike(word: string, fields: readonly QueryField[]): readonly Choice[] {
  const begin = word.toLowerCase();
  if (begin === '') return [];
  return fields
    .flatMap(({ name, aliases, sentence }) => {
      const like = [name, ...aliases].find((each) => each.startsWith(begin));
      return like === undefined ? [] : [{ text: `${like}:`, hint: sentence }];
    })
    .slice(0, SHOWN_MAX);
}

function valuesLike(typed: string, name: string, fields: readonly QueryField[]): readonly Choice[] {
  const begin = typed.toLowerCase();
  const field = fields.find((each) => [each.name, ...each.aliases].includes(name.toLowerCase()));
  const values = field?.values.filter((value) => value.toLowerCase().startsWith(begin)) ?? [];
  if (values.length === 1 && values[0]?.toLowerCase() === begin) return [];
  return values.slice(0, SHOWN_MAX).map((value) => ({ text: written(value), hint: '' }));
}

function written(value: string): string {
  return /^[\w./-]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
