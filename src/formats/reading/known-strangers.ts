import { asArray, asObject, asText, at } from '#base/json-value.ts';
import type { ReportHead } from '#domain/ports/report-format.ts';

/** A kind of file that is no report to read here, though people drop it in. */
interface Stranger {
  readonly is: (head: ReportHead) => boolean;
  /** What it is. */
  readonly title: string;
  /** What to do instead. */
  readonly advice: string;
}

/** Files that are told by name where nothing claims them: the same tool, another of its formats. */
const STRANGERS: readonly Stranger[] = [
  {
    is: (head) => Array.isArray(head.json) && asArray(head.json).length === 0,
    title: 'an empty list, as several tools write it when they found nothing',
    advice: 'It names no tool: say whose it is, for example --format gitleaks or --format github-dependabot.',
  },
  {
    is: (head) => head.shape === 'json' && (typeof head.json !== 'object' || head.json === null),
    title: 'a single JSON value and no report',
    advice: 'Did the tool that writes it fail?',
  },
  {
    is: (head) => {
      const object = asObject(head.json);
      return object !== undefined && Object.keys(object).length === 0;
    },
    title: 'an empty JSON object',
    advice: 'Did the tool that writes it fail?',
  },
  {
    is: rootNamed('NessusClientData'),
    title: 'a Nessus file of version 1',
    advice: 'Export it as .nessus (version 2).',
  },
  {
    is: rootNamed('SCAN', 'COMPLIANCE_SCAN'),
    title: 'a Qualys report of one scan',
    advice: 'Make a scan report with asset data (ASSET_DATA_REPORT), in XML or CSV.',
  },
  {
    is: rootNamed('cvrfdoc'),
    title: 'a CVRF advisory (CSAF 1)',
    advice: 'Ask the vendor for CSAF 2, in JSON.',
  },
  {
    is: (head) => head.root?.name === 'analysis' && head.root.namespace.includes('dependency-check'),
    title: 'an OWASP Dependency-Check report in XML',
    advice: 'Write it with --format SARIF.',
  },
  {
    is: (head) =>
      asText(asObject(head.json)?.reportSchema) !== undefined && at(head.json, 'scanInfo') !== undefined,
    title: 'an OWASP Dependency-Check report in JSON',
    advice: 'Write it with --format SARIF.',
  },
  {
    is: rootNamed('BugCollection'),
    title: 'a SpotBugs report in XML',
    advice: 'Write it as SARIF (-sarif).',
  },
  {
    is: rootNamed('checkstyle', 'pmd', 'pmd-cpd', 'FxCopReport'),
    title: 'a report of a linter in XML',
    advice: 'Many tools that write it write SARIF too.',
  },
  {
    is: rootNamed('testsuite', 'testsuites'),
    title: 'a JUnit report',
    advice: 'It says whether tests passed; ask the scanner for JSON or SARIF.',
  },
  {
    is: rootNamed('RDF'),
    title: 'an RDF document',
    advice: 'Of SPDX, JSON and tag-value are read.',
  },
  {
    is: (head) => /^\s*(?:<!doctype html|<html)/i.test(head.text.slice(0, 2_000)),
    title: 'a web page',
    advice: 'Ask the tool for JSON, XML or CSV.',
  },
  {
    // The first name in it may be in any encoding.
    is: (head) => /^[\s\S]{150,257}ustar[\0 ]/.test(head.text.slice(0, 270)),
    title: 'a tar archive',
    advice: 'Unpack it and import the folder, or pack the reports as zip.',
  },
  {
    is: (head) => /^(?:BZh\d1AY&SY|\ufffd7zXZ\0)/.test(head.text.slice(0, 20)),
    title: 'compressed by bzip2 or xz',
    advice: 'Decompress it, or compress it with gzip or zstd.',
  },
  {
    is: (head) => /^(?:7z\ufffd\ufffd'|Rar!)/.test(head.text.slice(0, 20)),
    title: 'a 7z or RAR archive',
    advice: 'Unpack it and import the folder, or pack the reports as zip.',
  },
  {
    is: (head) => head.text.startsWith('%PDF-'),
    title: 'a PDF',
    advice: 'Ask the tool for JSON, XML or CSV.',
  },
  {
    is: (head) => asText(asObject(head.json)?.$schema)?.includes('sarif') === true,
    title: 'SARIF without a list of runs',
    advice: 'It was cut off, or the tool that writes it failed.',
  },
  {
    is: (head) => asObject(head.json)?.issues !== undefined && asObject(head.json)?.components !== undefined,
    title: 'an answer of SonarQube',
    advice: 'It is not read yet.',
  },
];

function rootNamed(...names: readonly string[]): Stranger['is'] {
  return (head) => head.root !== null && names.includes(head.root.name);
}

/** What a file is that no format claims, and what to do; null for one that is not known either. */
export function knownStranger(head: ReportHead): Pick<Stranger, 'title' | 'advice'> | null {
  return STRANGERS.find((stranger) => stranger.is(head)) ?? null;
}
