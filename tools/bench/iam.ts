import { AwsPrivileges } from '../../src/domain/privilege/aws/aws-privileges.ts';
import { syntheticIam } from './iam-estate.ts';
import { percentile, processorTime, seconds, timed } from './measure.ts';

const NOW = Date.UTC(2026, 9, 1);
const CHANGES = 15;

/** Milliseconds that 10 k principals may take, cold and after one policy changed (attack-paths §6.4). */
const BUDGETS = { cold: 2_000, 'one policy changed': 50 } as const;

/** Measures privileges in AWS over a made-up organisation, as ratios to parsing the same dump and beside budgets; answers its lines. */
export async function measureIam(principals: number, accounts: number): Promise<readonly string[]> {
  const { resources, dump, documents } = syntheticIam(principals, accounts);
  const parsed = percentile(
    [1, 2, 3].map(() => processorTime(() => JSON.parse(dump))),
    0.5,
  );
  let privileges: AwsPrivileges | null = null;
  let coldProcessor = 0;
  const cold = await timed(() => {
    coldProcessor = processorTime(() => {
      privileges = new AwsPrivileges(resources, NOW);
      privileges.byArn();
    });
  });
  const changes: number[] = [];
  for (const [index, policy] of resources
    .filter(({ type }) => type === 'iam-policy')
    .slice(0, CHANGES)
    .entries()) {
    const Document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: `s3:GetObject${index}`, Resource: '*' }],
    };
    const changed = { ...policy, facts: { ...policy.facts, Document } };
    changes.push(
      processorTime(() => {
        privileges?.replacePolicy(changed);
        privileges?.byArn();
      }),
    );
  }
  const changed = percentile(changes, 0.5);
  return [
    `IAM ${principals} principals, ${accounts} accounts, ${documents} documents: cold ${seconds(coldProcessor)} of the processor = ${(coldProcessor / parsed).toFixed(1)} x JSON.parse of the dump (${parsed.toFixed(0)} ms); ${seconds(cold)} by the clock`,
    `IAM one policy changed, median of ${changes.length}: ${changed.toFixed(0)} ms of the processor = ${(changed / parsed).toFixed(2)} x`,
    budgetLine('cold', coldProcessor),
    budgetLine('one policy changed', changed),
  ];
}

function budgetLine(what: keyof typeof BUDGETS, time: number): string {
  const limit = BUDGETS[what];
  const said = time <= limit ? 'within' : 'BEYOND';
  return `IAM: budget: ${what} ${time.toFixed(0)} ms, ${said} ${limit} ms`;
}
