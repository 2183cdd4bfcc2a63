import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { iam, role } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';
import { EC2, flaw, machine, profiled, regional, service, task } from './path-world.labs.test-sample.ts';

const ROLE = `aws:${iam('role', 'web')}`;
const owned = role('web', EC2, [], profiled('web'));

/** A machine with a role whose metadata service is set so. */
const set = (options: JsonObject | null, id = 'i-0000000000000001'): EstateResource => {
  const { facts, ...plain } = machine(id, { role: 'web', isPublic: false });
  const { MetadataOptions: _, ...others } = facts;
  return { ...plain, facts: options === null ? others : { ...others, MetadataOptions: options } };
};
const options = (HttpTokens: string, HttpPutResponseHopLimit = 1, HttpEndpoint = 'enabled') => ({
  HttpTokens,
  HttpPutResponseHopLimit,
  HttpEndpoint,
});

/** By which rules somebody becomes the role. */
const rules = (resources: readonly EstateResource[], at: Parameters<typeof awsFacts>[1]) => [
  ...new Set(
    awsSteps(awsFacts([...resources, owned], at)).steps.flatMap(({ rule, to }) =>
      to.asset === ROLE ? [rule] : [],
    ),
  ),
];

/** What closes the way to the role, whichever rule it goes by. */
const closedBy = (resources: readonly EstateResource[], at: Parameters<typeof awsFacts>[1]) =>
  awsSteps(awsFacts([...resources, owned], at)).steps.flatMap(({ to, gates }) =>
    to.asset === ROLE ? [gates.map(({ sentence }) => sentence)] : [],
  );
const TOKENS = expect.stringMatching(
  /^demand tokens from the metadata service of (?:i-[0-9]+|the nodes) \(IMDSv2\)/,
);
const FEWER_RIGHTS = expect.stringMatching(
  /^run (?:i-[0-9]+|the nodes) as a role with fewer rights than web$/,
);

test('flaws of machines of a cluster of ECS beyond the likeliest are counted once, whatever runs there', () => {
  const host = set(null);
  const parts = [
    host,
    service('shop'),
    task('shop', null),
    service('cart'),
    task('cart', null),
    regional('ecs-container-instance', 'ecs', 'container-instance/lab/1', {
      containerInstanceArn: 'arn:aws:ecs:eu-west-1:111111111111:container-instance/lab/1',
      ec2InstanceId: host.facts['InstanceId'] ?? '',
      status: 'ACTIVE',
    }),
  ];
  const taken = parts.filter(({ type }) => type === 'ecs-service').map(({ key }) => key);
  const of = (count: number) =>
    awsSteps({
      ...awsFacts(parts, { taken }),
      machineFlaws: Array.from({ length: count }, (_, at) => ({
        ...flaw('root', host),
        fingerprint: `f${at}`,
      })),
    });
  expect([of(8), of(11)].map(({ flawsLeftOut }) => flawsLeftOut)).toEqual([0, 3]);
  const ways = of(11).steps.filter(({ rule }) => rule === 'machine-flaw');
  expect(ways).toHaveLength(2 * 8);
});

describe('the role of a machine', () => {
  test('is out of reach once the machine demands tokens, or runs as a role with fewer rights', () => {
    const one = set(options('optional', 2));
    expect(closedBy([one], { forged: [one.key] })).toEqual([[TOKENS, FEWER_RIGHTS]]);
    expect(closedBy([one], { taken: [one.key] })).toEqual([[FEWER_RIGHTS]]);
    const at = {
      taken: ['k8s:shop/apps/Deployment/shop/web'],
      machines: new Map([['k8s:shop', [one.name]]]),
    };
    expect(closedBy([one], at)).toEqual([[TOKENS, FEWER_RIGHTS]]);
  });

  test.each<[string, JsonObject | null, boolean, boolean]>([
    ['takes plain requests', options('optional'), true, true],
    ['takes plain requests of containers as well', options('optional', 2), true, true],
    ['demands tokens', options('required'), false, true],
    ['demands tokens, with a hop more', options('required', 2), false, true],
    ['is off', options('optional', 2, 'disabled'), false, false],
    ['is told nothing of', null, false, true],
  ])('where its metadata service %s', (_what, given, byRequest, byCode) => {
    const one = set(given);
    expect(rules([one], { forged: [one.key] })).toEqual(byRequest ? ['metadata-request'] : []);
    expect(rules([one], { taken: [one.key] })).toEqual(byCode ? ['workload-role'] : []);
  });

  test.each<[string, JsonObject | null, string, boolean]>([
    ['takes plain requests', options('optional'), 'bridge', true],
    ['demands tokens, with one hop', options('required'), 'bridge', false],
    ['demands tokens, with a hop more', options('required', 2), 'bridge', true],
    ['demands tokens, and the container has the network of the machine', options('required'), 'host', true],
    ['is off', options('optional', 2, 'disabled'), 'host', false],
    ['is told nothing of', null, 'bridge', false],
  ])('is had by a container of ECS on it where its metadata service %s', (_what, given, networkMode, is) => {
    const one = set(given, 'i-host');
    const site = service('site');
    const resources = [
      one,
      site,
      task('site', null, { networkMode, containerDefinitions: [{ name: 'site' }] }),
      regional('ecs-container-instance', 'ecs', 'container-instance/lab/1', {
        containerInstanceArn: 'arn:aws:ecs:eu-west-1:111111111111:container-instance/lab/1',
        ec2InstanceId: 'i-host',
        status: 'ACTIVE',
      }),
    ];
    expect(rules(resources, { taken: [site.key] })).toEqual(is ? ['node-metadata'] : []);
  });

  test.each<[string, readonly (JsonObject | null)[], boolean]>([
    ['take plain requests', [options('optional')], true],
    ['demand tokens, with one hop', [options('required')], false],
    ['demand tokens, with a hop more', [options('required', 2)], true],
    ['take plain requests, each of them', [options('optional'), options('optional')], true],
    ['differ, and one refuses', [options('optional'), options('required')], false],
    ['are off', [options('optional', 2, 'disabled')], false],
    ['are told nothing of', [null], false],
  ])('is had by a pod where those of its nodes %s', (_what, given, is) => {
    const nodes = given.map((each, at) => set(each, `i-000000000000000${at}`));
    const machines = new Map([['k8s:shop', given.map((_, at) => `i-000000000000000${at}`)]]);
    const taken = ['k8s:shop/apps/Deployment/shop/web'];
    expect(rules(nodes, { taken, machines })).toEqual(is ? ['node-metadata'] : []);
    // Where one of its nodes was not described, that may be the one.
    expect(rules(nodes.slice(1), { taken, machines })).toEqual([]);
  });
});
