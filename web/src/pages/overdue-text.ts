import type { Source } from '../../../src/contract/source.ts';
import { counted } from '../shared/number-text.ts';

/** The sentence about sources that have fallen silent; null where none has. */
export function overdueText(sources: readonly Pick<Source, 'name' | 'overdue' | 'retired'>[]): string | null {
  const [first, ...others] = sources.filter((source) => source.overdue && !source.retired);
  if (first === undefined) return null;
  return others.length === 0
    ? `No report of ${first.name} for longer than expected.`
    : `No report of ${first.name} and ${counted(others.length, 'other source')} for longer than expected.`;
}
