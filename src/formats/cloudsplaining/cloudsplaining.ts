import { asArray, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { attachedPrincipals, type Principal } from './attached-principals.ts';

/** Results of Cloudsplaining: policies of AWS that let their holders gain more rights. */
export const cloudsplaining: ReportFormat = {
  id: 'cloudsplaining',
  title: 'Cloudsplaining (results in JSON)',
  command: 'cloudsplaining scan --input-file account-authorization-details.json --output results/',
  claims,
  read,
};

const LISTS = ['aws_managed_policies', 'customer_managed_policies', 'inline_policies'] as const;
const POLICY = 'a policy';
const NOUN = 'a way to gain rights';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    report !== undefined &&
    // The head may end before the policies.
    (LISTS.some((list) => asObject(report[list]) !== undefined) || /"inline_policies"/.test(head.text)) &&
    asObject(report.groups) !== undefined &&
    asObject(Object.values(asObject(report.groups) ?? {})[0] ?? {}) !== undefined &&
    (asObject(report.users) !== undefined || asObject(report.roles) !== undefined)
  );
}

/** Policies are told by id, and principals say which they hold, so the file is gone through twice. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const principals = await attachedPrincipals(input);
  yield feedScan('cloudsplaining');
  const patterns = LISTS.map((list) => `${list}.*`);
  for await (const event of sliceJson(input.open(), { patterns, skip: ['groups', 'users', 'roles'] })) {
    if (event.kind === 'bad') yield unreadable(event.path, POLICY, event.message);
    if (event.kind !== 'element') continue;
    const policy = asObject(event.value);
    if (policy === undefined) yield noObject(event.path, POLICY);
    else yield* readPolicy(policy, event.path, principals);
  }
}

/** Since version 0.6 the list stands in an object with its severity. */
function* readPolicy(
  policy: JsonObject,
  path: string,
  principals: ReadonlyMap<string, readonly Principal[]>,
): Generator<ReportItem> {
  const wrapped = asObject(policy.PrivilegeEscalation);
  const place = `${path}.PrivilegeEscalation${wrapped === undefined ? '' : '.findings'}`;
  const holders = principals.get(path.slice(path.indexOf('.') + 1)) ?? [];
  for (const [index, each] of asArray(wrapped?.findings ?? policy.PrivilegeEscalation).entries()) {
    const at = `${place}[${index}]`;
    const way = asObject(each);
    yield way === undefined
      ? noObject(at, NOUN)
      : toItem(at, NOUN, mapWay(way, policy, holders, asText(wrapped?.severity)));
  }
}

/** One finding for each principal that holds the policy; of one that nobody holds the policy itself, if it is the account's. */
function mapWay(
  way: JsonObject,
  policy: JsonObject,
  holders: readonly Principal[],
  word: string | undefined,
): readonly FindingObservation[] | string {
  const check = asText(way.type);
  if (check === undefined) return 'a text in type was expected';
  const name = asText(policy.PolicyName) ?? 'a policy';
  const arn = asText(policy.Arn);
  const isOwn = arn !== undefined && !/^arn:aws[a-z-]*:iam::aws:/.test(arn);
  const found: readonly Principal[] =
    holders.length > 0 ? holders : isOwn ? [{ arn, type: 'AwsIamPolicy' }] : [];
  const actions = asArray(way.actions)
    .slice(0, 20)
    .flatMap((action) => asText(action) ?? []);
  return found.map(({ arn: id, type }) =>
    postureFinding({
      tool: 'cloudsplaining',
      check,
      resource: describeNamedResource({ id, type, account: id.split(':')[4], region: undefined }),
      isIdentity: true,
      title: `Can gain rights: ${check}`,
      severity: severityOfWord(word),
      description: `The policy ${name} allows ${actions.join(', ')}.`,
      state: policy.is_excluded === true ? { is: 'suppressed', reason: 'excluded in Cloudsplaining' } : OPEN,
    }),
  );
}
