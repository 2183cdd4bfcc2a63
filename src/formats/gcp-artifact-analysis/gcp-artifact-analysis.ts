import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ImageDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { type Distribution, distributionOf, systemPackageType } from '../reading/distribution.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';

/** What Google's Artifact Analysis found in an image, as gcloud describes it. */
export const gcpArtifactAnalysis: ReportFormat = {
  id: 'gcp-artifact-analysis',
  title: 'Google Artifact Analysis (gcloud artifacts docker images describe)',
  command: 'gcloud artifacts docker images describe IMAGE --show-package-vulnerability --format json',
  claims,
  read,
};

const LIST = 'package_vulnerability_summary.vulnerabilities.*';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    asText(at(report, 'image_summary', 'fully_qualified_digest')) !== undefined ||
    (asObject(report?.package_vulnerability_summary) !== undefined &&
      asObject(report?.image_summary) !== undefined)
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, [`${LIST}.*`]);
  const image = imageOf(root);
  const discovery = asObjects(at(root, 'discovery_summary', 'discovery')).map((each) => each.discovery);
  const isDone = discovery.some((each) => at(each, 'analysisStatus') === 'FINISHED_SUCCESS');
  yield {
    kind: 'scan',
    scan: {
      tool: 'gcp-artifact-analysis',
      time: parseInstant(at(discovery[0], 'lastScanTime')),
      scope: { is: 'image', image },
      coverage: isDone ? 'all' : 'none',
    },
  };
  yield* readEntries(input, { patterns: [`${LIST}.*`] }, 'a vulnerability', (entry) =>
    mapEntry(entry, image),
  );
  if (isDone)
    yield {
      kind: 'beside',
      observations: ['os-packages', 'libraries'].map((findingClass) => ({ kind: 'coverage', findingClass })),
    };
}

function imageOf(root: JsonObject): ImageDescription {
  const reference = asText(at(root, 'image_summary', 'fully_qualified_digest')) ?? '';
  const digest =
    /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ?? asText(at(root, 'image_summary', 'digest'));
  return { kind: 'image', reference, digest, inRegistry: true };
}

function mapEntry(entry: JsonObject, image: ImageDescription): readonly FindingObservation[] | string {
  const found = asObject(entry.vulnerability) ?? {};
  const note = asText(entry.noteName);
  const id = asText(found.shortDescription) ?? note?.slice(note.lastIndexOf('/') + 1);
  if (id === undefined) return 'a text in vulnerability.shortDescription or in noteName was expected';
  const severity = severityOfWord(asText(found.effectiveSeverity) ?? asText(found.severity));
  const vector = /\bCVSS:[34]\.\d\/[A-Z]{1,3}:[A-Z][A-Z:/]{10,200}/.exec(
    asText(found.longDescription) ?? '',
  )?.[0];
  return asObjects(found.packageIssue).flatMap((issue) => {
    const name = asText(issue.affectedPackage);
    if (name === undefined) return [];
    const distribution = distributionOfCpe(asText(issue.affectedCpeUri));
    const system =
      asText(issue.packageType) === 'OS' ? systemPackageType(distribution?.name ?? '') : undefined;
    const fixed = asText(at(issue, 'fixedVersion', 'fullName'));
    return packageFindings({
      resource: image,
      ids: [id],
      package: splitPackageName(system ?? typeOf(asText(issue.packageType)), name),
      title: undefined,
      severity,
      vectors: vector === undefined ? [] : [{ provider: 'nvd', vector, word: null }],
      description: asText(found.longDescription),
      fix: fixed,
      fixable: issue.fixAvailable === true,
      references: asObjects(found.relatedUrls).flatMap((each) => asText(each.url) ?? []),
      locations: [
        {
          version: asText(at(issue, 'affectedVersion', 'fullName')),
          path: asText(asObjects(issue.fileLocation)[0]?.filePath),
        },
      ],
      distribution: system === undefined ? undefined : distribution?.release,
    });
  });
}

/** `GO_STDLIB`, `MAVEN`, `NPM`, `PYPI`. */
function typeOf(packageType: string | undefined): string {
  return packageTypeOfEcosystem(packageType?.replace(/^GO_STDLIB$/, 'GO'));
}

/** `cpe:/o:debian:debian_linux:12` is debian 12. */
function distributionOfCpe(cpe: string | undefined): Distribution | null {
  const parts = /^cpe:\/o:([a-z0-9_-]{1,60}):[^:]{1,60}(?::([\w.]{1,20}))?/.exec(cpe ?? '');
  return parts === null ? null : distributionOf(parts[1], parts[2]);
}
