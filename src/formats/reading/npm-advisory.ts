import { parseInstant } from '#base/instant.ts';
import { asNumber, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { VectorClaim } from '#domain/finding/observation.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { advisoryInAddress, packageFindings } from './library-finding.ts';
import type { EntryReading } from './read-entries.ts';
import { scannerProvider } from './scanner-provider.ts';

const VERSIONS_MAX = 3;

/** Packages of a project that the report does not name. */
export const UNNAMED_PACKAGES: ResourceDescription = { kind: 'artifact', name: null };

/** An advisory as npm 6, pnpm and Yarn 1 tell it, with the versions of its package that were found; or what it lacks. */
export function mapNpmAdvisory(advisory: JsonObject, tool: string): EntryReading {
  const name = asText(advisory.module_name);
  if (name === undefined) return 'a text in module_name was expected';
  const url = asText(advisory.url);
  const ghsa = asText(advisory.github_advisory_id) ?? advisoryInAddress(url);
  const number = asNumber(advisory.id);
  const own = ghsa ?? (number === undefined ? undefined : `npm:${number}`);
  const ids = [own, ...asTexts(advisory.cves)];
  if (ids.every((id) => id === undefined)) return 'a number in id was expected';
  const patched = asText(advisory.patched_versions);
  const fix = patched === undefined || /^<\s*0\.0\.0$/.test(patched.trim()) ? undefined : patched;
  const versions = asObjects(advisory.findings).map((finding) => asText(finding.version));
  return packageFindings({
    resource: UNNAMED_PACKAGES,
    ids,
    package: splitPackageName('npm', name),
    title: asText(advisory.title),
    severity: severityOfWord(asText(advisory.severity)),
    vectors: npmVectors(advisory, ghsa, tool),
    description: asText(advisory.overview),
    fix,
    fixable: fix !== undefined,
    references: url === undefined ? [] : [url],
    locations: [...new Set(versions)]
      .filter((version) => version !== undefined)
      .slice(0, VERSIONS_MAX)
      .map((version) => ({ version })),
    publishedAt: parseInstant(advisory.created),
  });
}

/** npm's ratings are those of GitHub's advisory, where there is one. */
export function npmVectors(
  record: JsonObject,
  ghsa: string | undefined,
  tool: string,
): readonly VectorClaim[] {
  const vector = asText(at(record, 'cvss', 'vectorString')) ?? null;
  const word = severityOfWord(asText(record.severity));
  if (ghsa !== undefined) return [{ provider: 'ghsa', vector, word }];
  return vector === null ? [] : [{ provider: scannerProvider(tool), vector, word }];
}

/** Whether a report is of npm 6's shape: advisories by their number. */
export function hasNpmAdvisories(report: JsonObject): boolean {
  return at(report, 'advisories') !== undefined && !Array.isArray(report.advisories);
}

/**
 * Whether pnpm wrote a report of that shape: its paths begin with a folder of the workspace (`.>axios`), those of npm
 * with a package; without any, npm numbers its run.
 */
export function isOfPnpm(report: JsonObject): boolean {
  const advisories = Object.values((report.advisories ?? {}) as JsonObject);
  for (const advisory of advisories) {
    for (const finding of asObjects(at(advisory, 'findings'))) {
      const path = asTexts(finding.paths)[0];
      if (path === undefined) continue;
      const [first = ''] = path.slice(0, 1_000).split('>', 1);
      return first === '.' || (first.includes('/') && !first.startsWith('@'));
    }
  }
  return asText(report.runId) === undefined && report.actions === undefined;
}
