import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import type { EvaluateEstate } from '#domain/risk/estate.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { evaluateAzureEstate } from '#domain/risk/evaluate-azure-estate.ts';
import { evaluateGcpEstate } from '#domain/risk/evaluate-gcp-estate.ts';
import { evaluateKubernetesEstate } from '#domain/risk/evaluate-kubernetes-estate.ts';
import { described, START } from './formats.described.test-sample.ts';
import type { Settled } from './formats.settled.test-sample.ts';
import { AWS_DATA_SETTLED } from './formats.settled-aws-data.test-sample.ts';
import { AWS_NETWORK_SETTLED } from './formats.settled-aws-network.test-sample.ts';
import { AWS_SERVICES_SETTLED } from './formats.settled-aws-services.test-sample.ts';
import { AZURE_PRIVILEGES_SETTLED, AZURE_SETTLED } from './formats.settled-azure.test-sample.ts';
import { AZURE_FRONTS_SETTLED } from './formats.settled-azure-fronts.test-sample.ts';
import { IAM_SETTLED } from './formats.settled-iam.test-sample.ts';
import { GCP_SETTLED, KUBERNETES_SETTLED } from './formats.settled-others.test-sample.ts';

/** The name that a command gives the file of its answer; one that tells nothing where it gives none. */
function fileOf(command: string): string {
  return / > '?([^' ]+)/.exec(command)?.[1] ?? 'answer.json';
}

async function settles(evaluate: EvaluateEstate, { command, known, prints, becomes }: Settled) {
  const files = Object.entries(known);
  const before = await described(files);
  const open = [...evaluate(before, { now: START })].flatMap(
    ([key, { publiclyAccessible, privilegedAccess }]) =>
      (
        [
          ['publiclyAccessible', publiclyAccessible],
          ['privilegedAccess', privilegedAccess],
        ] as const
      ).flatMap(([risk, { state, missing }]) => (state === 'unknown' ? [{ key, risk, missing }] : [])),
  );
  const asked = open.filter(({ missing }) =>
    missing.some(
      (text) =>
        `${text},`.includes(`: ${command},`) || text.includes(`${command},`) || text.endsWith(command),
    ),
  );
  expect(asked, JSON.stringify(open, null, 1)).not.toEqual([]);
  const answers: (readonly [string, JsonValue])[] = command.includes(', and of each')
    ? Object.entries(prints as Readonly<Record<string, JsonValue>>)
    : [[fileOf(command), prints]];
  const after = evaluate(await described([...files, ...answers]), { now: START });
  const settled = asked.map(({ key, risk }) => after.get(key)?.[risk]);
  expect(
    settled.some((verdict) => verdict?.state === becomes),
    JSON.stringify(settled, null, 1),
  ).toBe(true);
}

describe('what a verdict names as missing settles it', () => {
  const rows = (settled: readonly Settled[]) =>
    settled.map((each) => [each.command, each.becomes, each] as const);

  it.each(rows([...AWS_NETWORK_SETTLED, ...AWS_DATA_SETTLED, ...AWS_SERVICES_SETTLED, ...IAM_SETTLED]))(
    '%s: %s',
    (_command, _becomes, each) => settles(evaluateAwsEstate, each),
  );

  it.each(rows([...AZURE_SETTLED, ...AZURE_FRONTS_SETTLED, ...AZURE_PRIVILEGES_SETTLED]))(
    '%s: %s',
    (_command, _becomes, each) => settles(evaluateAzureEstate, each),
  );

  it.each(rows(GCP_SETTLED))('%s: %s', (_command, _becomes, each) => settles(evaluateGcpEstate, each));

  it.each(rows(KUBERNETES_SETTLED))('%s: %s', (_command, _becomes, each) =>
    settles(evaluateKubernetesEstate, each),
  );
});
