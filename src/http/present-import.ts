import { type ImportResult, isImported } from '#app/import/import-result.ts';
import type { ImportResult as AnsweredResult } from '#contract/import.ts';

/** A report that broke off is told as broken; what stood before the break was taken in all the same. */
export function presentImport(result: ImportResult): AnsweredResult {
  const { file, format } = result;
  if (!isImported(result)) return { file, format, error: result.error };
  const { sentences: _sentences, error, source, rejects, ...counts } = result;
  return error === null
    ? { ...counts, source: source ?? '', rejects: [...rejects] }
    : { file, format, error };
}
