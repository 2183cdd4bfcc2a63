import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { OPEN } from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { codeFinding } from '../reading/code-finding.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import type { EntryReading } from '../reading/read-entries.ts';

/** What results are read with. */
export interface ResultContext {
  readonly pathOf: (path: string | undefined) => string;
  /** Fingerprints that stand under more than one rule. */
  readonly shared: ReadonlySet<string>;
}

/** Semgrep prints this instead of a fingerprint, and instead of the flagged text, to who is not signed in. */
const WITHHELD = 'requires login';

/** A result, or what it lacks. */
export function mapResult(result: JsonObject, context: ResultContext): EntryReading {
  const check = asText(result.check_id);
  if (check === undefined) return 'a text in check_id was expected';
  const path = asText(result.path);
  if (path === undefined) return 'a text in path was expected';
  const extra = asObject(result.extra) ?? {};
  const metadata = asObject(extra.metadata) ?? {};
  const message = asText(extra.message);
  const shown = {
    path: context.pathOf(path),
    line: lineNumber(at(result, 'start', 'line')),
    severity: severityOf(asText(extra.severity)),
    title: message?.split('\n', 1)[0] ?? check,
    references: [...asTexts(metadata.source), ...asTexts(metadata.references).slice(0, 5)],
    state:
      extra.is_ignored === true ? ({ is: 'suppressed', reason: 'ignored in the source' } as const) : OPEN,
  };
  const dependency = asObject(at(extra, 'sca_info', 'dependency_match', 'found_dependency'));
  const name = asText(dependency?.package);
  if (dependency !== undefined && name !== undefined) {
    return packageFindings({
      ...shown,
      resource: { kind: 'repository', name: null },
      ids: [asText(metadata['sca-vuln-database-identifier']) ?? asText(metadata.cve) ?? check],
      package: splitPackageName(packageTypeOfEcosystem(asText(dependency.ecosystem)), name),
      description: message,
      locations: [{ path: shown.path, line: shown.line, version: asText(dependency.version) }],
    });
  }
  const fingerprint = asText(extra.fingerprint);
  const lines = asText(extra.lines);
  return [
    codeFinding({
      ...shown,
      tool: 'semgrep',
      check,
      cwes: cwesOf(asTexts(metadata.cwe)),
      toolFingerprint:
        fingerprint === WITHHELD || context.shared.has(fingerprint ?? '') ? undefined : fingerprint,
      flaggedText: lines === WITHHELD ? undefined : lines,
      message,
      description: message,
      fix: asText(extra.fix),
      traits: { category: asText(metadata.category) },
    }),
  ];
}

/** As Semgrep itself turns its words into levels of SARIF: INFO is a note. */
function severityOf(word: string | undefined): Severity | null {
  return word === 'INFO' ? 'low' : severityOfWord(word);
}
