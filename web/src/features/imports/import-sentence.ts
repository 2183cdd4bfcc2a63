import type { ImportRead } from '../../../../src/contract/import.ts';
import { counted, countText } from '../../shared/number-text.ts';

/** What a report brought, in one sentence: its size first, then what it moved. */
export function importSentence(result: ImportRead): string {
  const brought = [
    result.findings > 0 || (result.resources === 0 && result.signals === 0)
      ? counted(result.findings, 'finding')
      : null,
    result.resources > 0 ? counted(result.resources, 'resource') : null,
    result.signals > 0 ? counted(result.signals, 'signal') : null,
  ].filter((part) => part !== null);
  const moved = [
    [result.created, 'new'],
    [result.changed, 'changed'],
    [result.unchanged, 'unchanged'],
    [result.closed, 'closed'],
    [result.regressed, 'open again'],
    [result.held, 'held back from closing'],
  ] as const;
  const moves = moved.filter(([count]) => count > 0).map(([count, word]) => `${countText(count)} ${word}`);
  return moves.length === 0 ? `${brought.join(', ')}.` : `${brought.join(', ')}: ${moves.join(', ')}.`;
}
