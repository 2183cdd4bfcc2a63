import { parseInstant } from '#base/instant.ts';
import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { secretFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** Baselines of detect-secrets: secrets in the files of a repository. */
export const detectSecrets: ReportFormat = {
  id: 'detect-secrets',
  title: 'detect-secrets',
  command: 'detect-secrets scan > .secrets.baseline',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const baseline = asObject(head.json);
  return (
    baseline !== undefined &&
    Array.isArray(baseline.plugins_used) &&
    (asText(baseline.version) !== undefined || asObject(baseline.results) !== undefined)
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['results']);
  yield codeScan('detect-secrets', {
    toolVersion: asText(root.version),
    time: parseInstant(root.generated_at),
  });
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['results.*.*'] }, 'a secret', (secret) => mapSecret(secret, pathOf));
}

function mapSecret(secret: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(secret.type);
  if (check === undefined) return 'a text in type was expected';
  const path = asText(secret.filename);
  if (path === undefined) return 'a text in filename was expected';
  const hash = asText(secret.hashed_secret);
  return [
    secretFinding({
      tool: 'detect-secrets',
      check,
      path: pathOf(path),
      line: lineNumber(secret.line_number),
      value: hash === undefined ? undefined : `sha1:${hash}`,
      secretState: secret.is_verified === true ? 'active' : 'unknown',
      severity: null,
      title: check,
      ...(secret.is_secret === false && {
        state: { is: 'suppressed', reason: 'marked as no secret in the audit of detect-secrets' },
      }),
    }),
  ];
}
