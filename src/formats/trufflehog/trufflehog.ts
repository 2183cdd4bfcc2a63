import { asObject, asText } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readLooseEntries } from '../reading/read-entries.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { mapSecret } from './map-secret.ts';

/** JSON lines of TruffleHog 3: secrets in repositories, folders, buckets and images. */
export const trufflehog: ReportFormat = {
  id: 'trufflehog',
  title: 'TruffleHog',
  command: 'trufflehog git --json file://. > trufflehog.jsonl',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const result = firstEntry(head, []);
  return (
    asObject(result?.SourceMetadata) !== undefined &&
    (asText(result?.DetectorName) !== undefined || result?.DetectorType !== undefined)
  );
}

/** The stream has no end of its own, and a run that was stopped looks like one that found nothing more: it closes nothing. */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield codeScan('trufflehog', {}, false);
  const pathOf = sourceFiles(context);
  yield* readLooseEntries(input, [], 'a result', (result) => mapSecret(result, pathOf), 'silent');
}
