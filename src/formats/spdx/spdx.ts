import { InboxError } from '#base/inbox-error.ts';
import { asObject, asText, asTexts } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { observedPackage } from '../reading/observed-package.ts';
import { ReadTwice } from '../reading/read-twice.ts';
import { describeScan } from './describe-scan.ts';
import { readPackage } from './map-reference.ts';
import { packagesOfJson } from './packages-of-json.ts';
import { packagesOfTags } from './packages-of-tags.ts';
import { emptySurvey, type SpdxItem, surveyItem } from './spdx-item.ts';

/** Bills of materials in SPDX 2, in JSON and as tag and value. */
export const spdx: ReportFormat = {
  id: 'spdx',
  title: 'SPDX 2 (JSON, tag-value)',
  command: 'trivy image --format spdx-json --scanners vuln --output bom.spdx.json IMAGE',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  if (head.shape === 'text')
    return /^\uFEFF?(?:#.*\r?\n|\s)*SPDXVersion:\s*SPDX-/.test(head.text.slice(0, 20_000));
  const document = asObject(head.json);
  const inner = asObject(document?.sbom) ?? document;
  return asText(inner?.spdxVersion)?.startsWith('SPDX-') === true || isVersion3(inner);
}

/** Linked data, whose packages stand in a graph. */
function isVersion3(document: ReturnType<typeof asObject>): boolean {
  return asTexts(document?.['@context']).some((each) => each.startsWith('https://spdx.org/rdf/3'));
}

/** What the document is about may stand behind its packages, so it is gone through twice. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const isJson = (await firstCharacter(input)) === '{';
  const items = new ReadTwice<SpdxItem>(input, isJson ? packagesOfJson : packagesOfTags);
  const survey = emptySurvey();
  for await (const item of items.all()) surveyItem(survey, item);
  if (survey.version?.startsWith('SPDX-2.') !== true)
    throw new InboxError(
      'report_broken',
      'Only SPDX 2 is read. Ask the tool for "spdx-json" of version 2.3, or for CycloneDX.',
    );
  const { scan, resource } = describeScan(survey);
  yield { kind: 'scan', scan };
  if (survey.hasPackages) yield { kind: 'beside', observations: [{ kind: 'bom', resource }] };
  for await (const item of items.all()) {
    if (item.kind === 'bad') yield item.reject;
    if (item.kind === 'package') {
      const installed = observedPackage(item.value.purl, item.value.version, {});
      if (installed !== null && item.value.name !== survey.container?.name)
        yield { kind: 'beside', observations: [{ kind: 'package', installed }] };
      yield* readPackage(item.value, resource);
    }
  }
}
