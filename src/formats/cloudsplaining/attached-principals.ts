import { asObject, asText } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';

/** A user, group or role. */
export interface Principal {
  readonly arn: string;
  /** As Security Hub calls it. */
  readonly type: string;
}

const KINDS = [
  { list: 'groups', type: 'AwsIamGroup' },
  { list: 'users', type: 'AwsIamUser' },
  { list: 'roles', type: 'AwsIamRole' },
] as const;
const ATTACHED = ['inline_policies', 'customer_managed_policies', 'aws_managed_policies'];
const HOLDERS_MAX = 1_000;

/** Who holds each policy, by the policy's id in the report; of one that very many hold the first thousand. */
export async function attachedPrincipals(
  input: ReportInput,
): Promise<ReadonlyMap<string, readonly Principal[]>> {
  const holders = new Map<string, Principal[]>();
  const options = {
    patterns: KINDS.map(({ list }) => `${list}.*`),
    skip: ATTACHED,
    ignoresRest: true,
  };
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind !== 'element') continue;
    const kind = KINDS[event.pattern];
    const principal = asObject(event.value);
    const arn = asText(principal?.arn);
    if (kind === undefined || arn === undefined) continue;
    for (const policy of ATTACHED.flatMap((list) => Object.keys(asObject(principal?.[list]) ?? {}))) {
      const known = holders.get(policy);
      if (known === undefined) holders.set(policy, [{ arn, type: kind.type }]);
      else if (known.length < HOLDERS_MAX) known.push({ arn, type: kind.type });
    }
  }
  return holders;
}
