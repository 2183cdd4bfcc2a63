import type { UndoneScan } from '#domain/ports/import-store.ts';
import type { UndoneImport } from '../import.ts';

export function presentUndoneImport(undone: UndoneScan): UndoneImport {
  return { ...undone, files: [...undone.files] };
}
