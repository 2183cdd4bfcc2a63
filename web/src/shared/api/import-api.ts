import {
  type ImportAnswer,
  importAnswerSchema,
  type RunningImportList,
  runningImportListSchema,
} from '../../../../src/contract/import.ts';
import { type Mapping, mappingListSchema } from '../../../../src/contract/mapping.ts';
import { readAs } from './call-api.ts';

/** Uploads that the server is at work on, and how far it is. */
export function getRunningImports(signal: AbortSignal): Promise<RunningImportList> {
  return readAs(runningImportListSchema, '/imports', { signal });
}

/** How reports are read that no format knows, by name. */
export function getMappings(signal: AbortSignal): Promise<{ readonly items: readonly Mapping[] }> {
  return readAs(mappingListSchema, '/mappings', { signal });
}

/** Sends one file as it is; the answer has a result for it, or for each member of an archive. Read by a kept mapping where one is named. */
export function importFile(file: File, mapping?: string): Promise<ImportAnswer> {
  const parameters = new URLSearchParams({ name: file.name, ...(mapping !== undefined && { mapping }) });
  return readAs(importAnswerSchema, `/imports?${parameters}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
}
