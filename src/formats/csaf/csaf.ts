import { InboxError } from '#base/inbox-error.ts';
import { parseInstant } from '#base/instant.ts';
import { asObject, asText, at } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { feedScan } from '../reading/scans.ts';
import { mapVulnerability } from './map-vulnerability.ts';
import { ProductTree } from './product-tree.ts';

/** Advisories and VEX of vendors in CSAF 2: which of their products are affected, fixed or not affected. */
export const csaf: ReportFormat = {
  id: 'csaf',
  title: 'CSAF 2 (advisories and VEX)',
  command: 'curl https://security.access.redhat.com/data/csaf/v2/vex/2024/cve-2024-0727.json',
  isVex: true,
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const document = asObject(asObject(head.json)?.document);
  return (
    asText(document?.csaf_version) !== undefined || asText(document?.category)?.startsWith('csaf_') === true
  );
}

/** Products stand before or behind the vulnerabilities, so the file is gone through twice. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['vulnerabilities']);
  const document = asObject(root.document) ?? {};
  const version = asText(document.csaf_version);
  if (version !== undefined && !version.startsWith('2.'))
    throw new InboxError('report_broken', `CSAF ${version.slice(0, 20)} is not read, only CSAF 2.`);
  const stated =
    parseInstant(at(document, 'tracking', 'current_release_date')) ??
    parseInstant(at(document, 'tracking', 'initial_release_date'));
  yield feedScan('csaf', { time: stated });
  const tree = new ProductTree(asObject(root.product_tree) ?? {});
  const about = {
    author: asText(at(document, 'publisher', 'name'))?.slice(0, 300),
    statedAt: stated ?? undefined,
  };
  yield* readEntries(
    input,
    { patterns: ['vulnerabilities.*'], skip: ['document', 'product_tree'] },
    'a vulnerability',
    (entry) => mapVulnerability(entry, tree, about),
  );
}
