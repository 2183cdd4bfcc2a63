import { type ImportResult, isImported } from '#app/import/import-result.ts';
import type { ImportResult as AnsweredResult } from '#contract/import.ts';

export function presentImport(result: ImportResult): AnsweredResult {
  if (!isImported(result)) return result;
  return {
    ...result,
    scope: { ...result.scope },
    rejects: [...result.rejects],
    sentences: [...result.sentences],
  };
}
