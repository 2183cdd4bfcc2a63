import { parseInstant } from '#base/instant.ts';
import { asArray, asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import { noObject, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { describeItem } from './describe-item.ts';

/** Results of ScoutSuite: rules on the settings of a cloud's account, with what they flagged. */
export const scoutsuite: ReportFormat = {
  id: 'scoutsuite',
  title: 'ScoutSuite (scoutsuite_results_*.js)',
  command: 'scout aws --no-browser   # scoutsuite-report/scoutsuite-results/scoutsuite_results_*.js',
  claims,
  read,
};

const NOUN = 'a rule';
const BEGINS = /^\uFEFF?\s*scoutsuite_results\s*=/;

function claims(head: ReportHead): boolean {
  return head.shape === 'text' && BEGINS.test(head.text.slice(0, 200));
}

/** A script that gives its one value to a variable: what stands before the value is no JSON. */
function withoutVariable(input: ReportInput): ReportInput {
  return {
    name: input.name,
    open: async function* () {
      let isOpen = false;
      for await (const chunk of input.open()) {
        const from = isOpen ? 0 : chunk.indexOf(0x7b);
        if (from < 0) continue;
        isOpen = true;
        yield chunk.subarray(from);
      }
    },
  };
}

/** Who was scanned stands anywhere around the services, so the file is gone through twice. */
async function* read(script: ReportInput): AsyncGenerator<ReportItem> {
  const input = withoutVariable(script);
  const { root } = await readSurroundings(input, ['services']);
  const provider = asText(root.provider_code) ?? 'other';
  const account = asText(root.account_id);
  yield {
    kind: 'scan',
    scan: {
      tool: 'scoutsuite',
      toolVersion: asText(at(root, 'last_run', 'version')),
      time: parseInstant(at(root, 'last_run', 'time')),
      scope: { is: 'posture' },
      coverage: 'listed',
    },
  };
  const patterns = ['services.*.findings.*'];
  for await (const event of sliceJson(input.open(), { patterns })) {
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const rule = asObject(event.value);
    if (rule === undefined) yield noObject(event.path, NOUN);
    else yield* readRule(rule, event.path, provider, account);
  }
}

/** One entry for each thing that a rule flagged; a rule that flagged nothing looked all the same. */
function* readRule(
  rule: JsonObject,
  path: string,
  provider: string,
  account: string | undefined,
): Generator<ReportItem> {
  const check = path.slice(path.lastIndexOf('.') + 1);
  const cover = `${check}@${account ?? ''}`;
  const isClean = (asNumber(rule.flagged_items) ?? 0) === 0;
  if ((asNumber(rule.checked_items) ?? 0) > 0)
    yield { kind: 'beside', observations: [{ kind: 'coverage', cover }] };
  if (isClean) return;
  for (const [index, each] of asArray(rule.items).entries()) {
    const place = `${path}.items[${index}]`;
    const item = asText(each);
    if (item === undefined) yield noObject(place, 'the path of a flagged item');
    else
      yield {
        kind: 'record',
        at: place,
        observations: [mapItem(rule, check, item, provider, account, cover)],
      };
  }
}

function mapItem(
  rule: JsonObject,
  check: string,
  item: string,
  provider: string,
  account: string | undefined,
  cover: string,
): FindingObservation {
  const { resource, type } = describeItem(item, asText(rule.id_suffix), provider, account);
  return postureFinding({
    tool: 'scoutsuite',
    check,
    resource,
    resourceKind: type,
    isIdentity: /^(?:iam|aad|ram|rbac)[-_.]/.test(check),
    title: asText(rule.description),
    severity: severityOfWord(asText(rule.level)),
    description: asText(rule.rationale),
    fix: asText(rule.remediation),
    references: asTexts(rule.references),
    cover,
  });
}
