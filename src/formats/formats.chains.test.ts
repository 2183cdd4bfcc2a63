import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { ExposureRecord } from '#domain/exposure/exposure-record.ts';
import type { EstateResource, EvaluateEstate } from '#domain/risk/estate.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { evaluateAzureEstate } from '#domain/risk/evaluate-azure-estate.ts';
import { evaluateGcpEstate } from '#domain/risk/evaluate-gcp-estate.ts';
import { evaluateKubernetesEstate } from '#domain/risk/evaluate-kubernetes-estate.ts';
import { numbers } from '../../test/support/metamorphic.ts';
import { described, START } from './formats.described.test-sample.ts';
import type { Settled } from './formats.settled.test-sample.ts';
import { AWS_DATA_SETTLED } from './formats.settled-aws-data.test-sample.ts';
import { AWS_NETWORK_SETTLED } from './formats.settled-aws-network.test-sample.ts';
import { AWS_SERVICES_SETTLED } from './formats.settled-aws-services.test-sample.ts';
import { AZURE_SETTLED } from './formats.settled-azure.test-sample.ts';
import { GCP_SETTLED, KUBERNETES_SETTLED } from './formats.settled-others.test-sample.ts';

/**
 * What every verdict on public accessibility bears, whatever the inventory lacks: a chain of what was described, or what
 * would settle it (attack-paths §2, acceptance). Estates are those of the settled questions, of the demo and of the
 * samples, each whole and with a third of its descriptions left out, several times over.
 */
const COMMAND = /: (?:aws|az|gcloud|kubectl) [a-z]/;
/** What no command supplies says so (`untold.ts`). */
const UNTOLD = /; no inventory that is read here tells it$/;

/** Steps of a chain that are no resource but a part of the one that is exposed: where it answers. */
const OWN_DOORS: ReadonlySet<string> = new Set([
  'API server',
  'AppSync endpoint',
  'CloudFront',
  'DNS endpoint',
  'ECR Public',
  'IAM Access Analyzer',
  'LoadBalancer',
  'VPC endpoints',
  'a public address of each instance',
  'custom domain',
  'execute-api',
  'external address',
  'function URL',
  'public address',
  'public endpoint',
  'service address',
  'website endpoint',
]);

/** Sentences about what is the same for the whole estate. */
const OF_ALL =
  /^(?:VPC Block Public Access is set for the region|Assumed: VPC Block Public Access is off|Assumes that |Firewall policies of the organisation|iam\.allowedPolicyMemberDomains|storage\.publicAccessPrevention)/;

/** Everything that the descriptions call by a name: resources, their parts, and what they name without its being described. */
function namesIn(resources: readonly EstateResource[]): ReadonlySet<string> {
  const names = new Set<string>();
  const take = (value: unknown): void => {
    if (typeof value === 'string') for (const part of [value, ...value.split(/[/:]/)]) names.add(part);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(take);
  };
  take(resources.map(({ key, name, facts }) => [key, name, facts]));
  names.delete('');
  return names;
}

/** What is wrong with a verdict or a way in; null for a sound one. */
function flawOf(
  {
    state,
    missing,
    evidence,
  }: { state: string; missing: readonly string[]; evidence: ExposureRecord['evidence'] },
  names: ReadonlySet<string>,
): string | null {
  const isNamed = (text: string): boolean =>
    text.split(/[^\w.:/@*[\]-]+|[.,:]+(?=\s|$)|'s\b/).some((word) => names.has(word)) ||
    [...names].some((name) => name.includes(' ') && text.includes(name));
  if (state === 'unknown') {
    if (missing.length === 0) return 'unknown for no reason';
    return missing.find((each) => !COMMAND.test(each) && !UNTOLD.test(each)) ?? null;
  }
  if (missing.length > 0) return `${state}, and something is missing`;
  if (evidence.length === 0) return `${state} without evidence`;
  return evidence.find(({ sentence }) => !isNamed(sentence) && !OF_ALL.test(sentence))?.sentence ?? null;
}

/** What is wrong with the verdicts on an estate, each once. */
function flawsIn(evaluate: EvaluateEstate, resources: readonly EstateResource[], flaws: Set<string>): void {
  const names = namesIn(resources);
  const types = new Map(resources.map(({ key, type }) => [key, type]));
  const isStep = (text: string): boolean =>
    OWN_DOORS.has(text) ||
    names.has(text) ||
    text.split(/[ ,]+|:(?=\d+$)|:(?=\/)/).some((word) => names.has(word));
  for (const [key, { publiclyAccessible, exposure }] of evaluate(resources, { now: START })) {
    const say = (flaw: string | null): void => {
      if (flaw !== null) flaws.add(`${types.get(key)}: ${flaw}`);
    };
    say(flawOf(publiclyAccessible, names));
    for (const way of exposure) {
      say(flawOf({ ...way, state: way.verdict }, names));
      for (const step of way.via) say(isStep(step) ? null : `via ${step}`);
    }
  }
}

const TIMES = 6;

/** The estate whole, and with parts of it left out. */
function flawsOf(evaluate: EvaluateEstate, resources: readonly EstateResource[]): ReadonlySet<string> {
  const flaws = new Set<string>();
  flawsIn(evaluate, resources, flaws);
  const random = numbers(resources.length);
  for (let time = 0; time < TIMES; time++) {
    const some = resources.filter(() => random() > 0.3);
    flawsIn(evaluate, some, flaws);
    flawsIn(
      evaluate,
      some.map((each) => ({ ...each, facts: lacking(each.facts, random) as JsonObject })),
      flaws,
    );
  }
  return flaws;
}

/** By which a format knows an object of a cluster at all. */
const ALWAYS_TOLD: ReadonlySet<string> = new Set(['objectKind', 'namespace', 'name']);

/** The same value without some of its members. */
function lacking(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value)) return value.map((each) => lacking(each, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => random() > 0.1 || ALWAYS_TOLD.has(name))
      .map(([name, member]) => [name, lacking(member as JsonValue, random)]),
  );
}

const AWS = [...AWS_NETWORK_SETTLED, ...AWS_DATA_SETTLED, ...AWS_SERVICES_SETTLED];

describe('a verdict on public accessibility bears its chain, or what would settle it', () => {
  it.each<readonly [string, EvaluateEstate, readonly Settled[]]>([
    ['AWS', evaluateAwsEstate, AWS],
    ['Azure', evaluateAzureEstate, AZURE_SETTLED],
    ['Google Cloud', evaluateGcpEstate, GCP_SETTLED],
    ['Kubernetes', evaluateKubernetesEstate, KUBERNETES_SETTLED],
  ])('in the questions about %s', async (_cloud, evaluate, rows) => {
    const found = new Set<string>();
    for (const { known, prints, command } of rows) {
      const files = Object.entries(known);
      const answers: (readonly [string, JsonValue])[] = command.includes(', and of each')
        ? Object.entries(prints as Readonly<Record<string, JsonValue>>)
        : [[/ > '?([^' ]+)/.exec(command)?.[1] ?? 'answer.json', prints]];
      for (const told of [files, [...files, ...answers]])
        for (const flaw of flawsOf(evaluate, await described(told))) found.add(flaw);
    }
    expect([...found]).toEqual([]);
  });

  it.each<readonly [string, EvaluateEstate]>([
    ['test/worlds/demo/aws/production', evaluateAwsEstate],
    ['src/formats/aws-cli/samples/own', evaluateAwsEstate],
    ['src/formats/aws-cli/samples/cloudmapper-demo', evaluateAwsEstate],
    ['src/formats/aws-config/samples', evaluateAwsEstate],
    ['src/formats/terraform/samples', evaluateAwsEstate],
    ['test/worlds/demo/prowler', evaluateAwsEstate],
    ['src/formats/azure-resource-graph/samples', evaluateAzureEstate],
    ['src/formats/gcp-asset-inventory/samples', evaluateGcpEstate],
    ['test/worlds/demo/kubernetes', evaluateKubernetesEstate],
    ['src/formats/kubernetes/samples', evaluateKubernetesEstate],
  ])('in %s', async (folder, evaluate) => {
    const place = join(import.meta.dirname, '../..', folder);
    const files = globSync('*.{json,ndjson}', { cwd: place })
      .sort()
      .filter((name) => !/\.expected\.json$|^counts\.json$|^none\.json$|^plan-utf16/.test(name))
      .map((name) => [basename(name), readFileSync(join(place, name), 'utf8')] as const);
    const resources = await described(files);
    expect(resources.length).toBeGreaterThan(10);
    expect([...flawsOf(evaluate, resources)]).toEqual([]);
  });
});
