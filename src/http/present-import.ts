import type { ImportResult } from '#app/import/import-result.ts';
import type { ImportResult as AnsweredResult } from '#contract/import.ts';

/** A report that broke off is told as broken; what stood before the break was taken in all the same. */
export function presentImport(result: ImportResult): AnsweredResult {
  if (result.error !== null) return { file: result.file, format: result.format, error: result.error };
  const { sentences: _sentences, error: _none, source, rejects, ...counts } = result;
  return { ...counts, source: source ?? '', rejects: [...rejects] };
}
