import { type ImportResult, isImported } from '#app/import/import-result.ts';
import type { ImportResult as AnsweredResult } from '#contract/import.ts';

/** A report that broke off is told as broken; what stood before the break was taken in all the same. */
export function presentImport(result: ImportResult): AnsweredResult {
  const { file, format, error } = result;
  if (error !== null) return { file, format, error };
  if (!isImported(result)) throw new Error('a file that was not read has an error');
  const { sentences: _sentences, error: _none, source, rejects, ...counts } = result;
  return { ...counts, source: source ?? '', rejects: [...rejects] };
}
