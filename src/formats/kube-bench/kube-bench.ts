import { asArray, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';

/** JSON reports of kube-bench: how the nodes of a cluster are set up. */
export const kubeBench: ReportFormat = {
  id: 'kube-bench',
  title: 'kube-bench',
  command: 'kube-bench --json > kube-bench.json',
  claims,
  read,
};

const NOUN = 'a result';
const SECTION = 'a section of controls';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  const first = asObject(Array.isArray(head.json) ? head.json[0] : asArray(report?.Controls)[0]) ?? report;
  return (
    first !== undefined &&
    asText(first.node_type) !== undefined &&
    Array.isArray(first.tests) &&
    asText(first.text) !== undefined
  );
}

/**
 * A report names neither its cluster nor its node, and what passes on one node may fail on another: it closes nothing,
 * and what passed ends nothing.
 */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { cluster } = context;
  yield {
    kind: 'scan',
    scan: { tool: 'kube-bench', time: null, scope: { is: 'cluster', cluster }, coverage: 'none' },
  };
  const isList = (await firstCharacter(input)) === '[';
  // Old versions write one section after the other, each a document of its own.
  const options = isList ? { patterns: ['*'] } : { patterns: ['Controls.*'], documents: true };
  let document = 0;
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind === 'bad') yield unreadable(event.path, SECTION, event.message);
    else if (event.kind === 'element') {
      const section = asObject(event.value);
      if (section === undefined) yield noObject(event.path, SECTION);
      else yield* readSection(section, event.path, cluster);
    } else if (!isList && event.depth === 0) {
      if (Array.isArray(event.value.tests)) yield* readSection(event.value, `[${document}]`, cluster);
      document++;
    }
  }
}

function* readSection(section: JsonObject, path: string, cluster: string | null): Generator<ReportItem> {
  for (const [group, tests] of asArray(section.tests).entries()) {
    for (const [index, entry] of asArray(asObject(tests)?.results).entries()) {
      const at = `${path}.tests[${group}].results[${index}]`;
      const result = asObject(entry);
      if (result === undefined) yield noObject(at, NOUN);
      // PASS, WARN and INFO are no entries: the last two ask a person to look.
      else if (result.status === 'FAIL') yield toItem(at, NOUN, mapResult(result, section, cluster));
      else if (asText(result.status) === undefined) yield toItem(at, NOUN, 'a text in status was expected');
    }
  }
}

function mapResult(
  result: JsonObject,
  section: JsonObject,
  cluster: string | null,
): readonly FindingObservation[] | string {
  const number = asText(result.test_number);
  if (number === undefined) return 'a text in test_number was expected';
  const benchmark = asText(section.version);
  const title = asText(result.test_desc);
  return [
    {
      kind: 'finding',
      type: 'misconfiguration',
      // The numbers of one edition of the benchmark mean other tests in the next.
      subject: {
        is: 'check',
        tool: 'kube-bench',
        check: benchmark === undefined ? number : `${benchmark}/${number}`,
      },
      resource: { kind: 'cluster', cluster },
      place: { is: 'none' },
      state: OPEN,
      title: title ?? `Test ${number}`,
      severity: null,
      description: [asText(section.text), asText(result.reason)]
        .filter((text) => text !== undefined)
        .join('\n\n'),
      fix: asText(result.remediation),
      findingClass: 'configuration',
    },
  ];
}
