import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allow, deny } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import { withoutGates } from './attack-path.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { pathFinding } from './path-finding.ts';
import { ALL_LABS } from './path-world.all-labs.test-sample.ts';
import { IDENTITY_LABS } from './path-world.identity-labs.test-sample.ts';
import { bucket, factsOfLab, type Lab, lambda, machine, regional } from './path-world.labs.test-sample.ts';
import { SHAPE_LABS } from './path-world.shape-labs.test-sample.ts';

const SCENARIOS = ALL_LABS;
const LABS = Object.values(SCENARIOS).flatMap(({ lab, hardened }) => [lab, hardened]);
const aLab = fc.constantFrom(...LABS);

/** The issues of a lab, with what is told of them. */
function issuesOf(lab: Lab): readonly string[] {
  const facts = factsOfLab(lab);
  return derivePaths(facts).paths.map((path) => JSON.stringify([path, pathFinding(path, facts)]));
}

/** How likely each target is reached. */
function risksOf(lab: Lab): ReadonlyMap<string, number> {
  return risksIn(factsOfLab(lab));
}

function risksIn(facts: PathFacts): ReadonlyMap<string, number> {
  const risks = new Map<string, number>();
  for (const { paths } of derivePaths(facts).paths)
    for (const { target, likelihood } of paths)
      risks.set(target, Math.max(likelihood, risks.get(target) ?? 0));
  return risks;
}

/** Whether every target of the first is reached in the second, and as likely. */
function atMost(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  // Costs are whole numbers, so likelihoods of equal ways are equal.
  return [...a].every(([target, likelihood]) => (b.get(target) ?? 0) >= likelihood);
}

/** The same with another name in the place of one, wherever it stands. */
function renamed<Of>(what: Of, from: string, to: string): Of {
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(from, to);
    if (Array.isArray(value)) return value.map(rename);
    if (value instanceof Map) return new Map([...value].map(([key, each]) => [rename(key), rename(each)]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), rename(each)]));
  };
  return rename(what) as Of;
}

/** What nobody comes through and nobody wants; whoever may do something with all of its kind has other ways to do the same. */
const ASIDE: readonly EstateResource[] = [
  bucket('unrelated'),
  lambda('unrelated', 'nobody'),
  machine('i-unrelated', { groups: ['sg-unrelated'], isPublic: false }),
  regional('sqs-queue', 'sqs', 'unrelated', { Arn: 'unrelated' }),
];

const UNRELATED = ASIDE.map((each) => renamed(each, '111111111111', '555555555555'));

test('there is something to compare: every lab has issues, and its hardened twin has none', () => {
  for (const [name, { lab, hardened }] of Object.entries(SCENARIOS)) {
    expect(issuesOf(lab).length, name).toBeGreaterThan(0);
    expect(risksOf(lab).size, name).toBeGreaterThan(0);
    expect(issuesOf(hardened), name).toEqual([]);
  }
});

test('the issues are the same in whatever order things are told, how often, and whatever else there is', () => {
  fc.assert(
    fc.property(aLab, fc.integer(), fc.subarray([...UNRELATED]), (lab, turn, more) => {
      const { resources, credentials = [], weaknesses = [] } = lab;
      const place = Math.abs(turn) % resources.length;
      const turned = [...resources.slice(place), ...more, ...resources.slice(0, place)];
      const again = {
        ...lab,
        resources: turn % 2 === 0 ? turned : turned.toReversed(),
        credentials: [...credentials, ...credentials].toReversed(),
        weaknesses: weaknesses.toReversed(),
      };
      // Copies know their original where that was described before them.
      if (resources.some(({ type }) => type === 'rds-snapshot')) return;
      expect(issuesOf(again)).toEqual(issuesOf(lab));
    }),
    { numRuns: 250 },
  );
});

/** What issues are kept by. */
function keysOf(lab: Lab): readonly string[] {
  const facts = factsOfLab(lab);
  return derivePaths(facts)
    .paths.map((path) => pathFinding(path, facts).identity.issueKey)
    .sort();
}

test('keys of issues do not move with the order of facts, with what else is in the account, or with names', () => {
  fc.assert(
    fc.property(aLab, fc.integer(), fc.subarray([...ASIDE]), fc.boolean(), (lab, turn, more, isNamed) => {
      const { resources, credentials = [], weaknesses = [], cluster } = lab;
      const named = (each: EstateResource) =>
        isNamed ? { ...each, name: `${each.name} by another name` } : each;
      const place = Math.abs(turn) % resources.length;
      const turned = [...resources.slice(place), ...more, ...resources.slice(0, place)].map(named);
      // Copies know their original where that was described before them.
      if (resources.some(({ type }) => type === 'rds-snapshot')) return;
      const again = {
        ...lab,
        resources: turn % 2 === 0 ? turned : turned.toReversed(),
        credentials: credentials.toReversed(),
        weaknesses: weaknesses.toReversed(),
        ...(cluster === undefined
          ? {}
          : { cluster: { ...cluster, resources: cluster.resources.toReversed().map(named) } }),
      };
      expect(keysOf(again)).toEqual(keysOf(lab));
    }),
    { numRuns: 250 },
  );
});

const STATEMENTS = [
  'iam:PassRole',
  'sts:AssumeRole',
  'lambda:*',
  's3:*',
  'iam:*',
  'ec2:RunInstances',
  'secretsmanager:GetSecretValue',
  'rds:*',
  'ssm:StartSession',
  '*',
];

const POLICIES: Readonly<Record<string, string>> = {
  'iam-user': 'UserPolicyList',
  'iam-role': 'RolePolicyList',
};

/** The lab with one more statement in a policy of one of its principals. */
function withStatement(lab: Lab, at: number, statement: ReturnType<typeof allow>): Lab {
  const principals = lab.resources.filter(({ type }) => type in POLICIES);
  const chosen = principals[at % Math.max(1, principals.length)];
  if (chosen === undefined) return lab;
  const list = POLICIES[chosen.type] as string;
  const policies = chosen.facts[list];
  const more = { PolicyName: 'more', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
  const facts = { ...chosen.facts, [list]: [...(Array.isArray(policies) ? policies : []), more] };
  return { ...lab, resources: lab.resources.map((each) => (each === chosen ? { ...each, facts } : each)) };
}

test('more rights never take risk away, and a Deny never adds any', () => {
  fc.assert(
    fc.property(aLab, fc.nat(20), fc.constantFrom(...STATEMENTS), (lab, at, action) => {
      const before = risksOf(lab);
      // An administrator needs no other step, so what it may read by itself is no path of its own any more.
      const after = risksOf(withStatement(lab, at, allow(action)));
      const isRuled = [...after.keys()].some((target) => target.startsWith('account '));
      expect(isRuled || atMost(before, after)).toBe(true);
      expect(atMost(risksOf(withStatement(lab, at, deny(action))), before)).toBe(true);
    }),
    { numRuns: 250 },
  );
});

test('what is closed never adds risk: a group without rules, a flaw that is mended, a key that is revoked', () => {
  fc.assert(
    fc.property(aLab, fc.nat(20), (lab, at) => {
      const before = risksOf(lab);
      const closed = lab.resources.map((each) =>
        each.type === 'security-group' ? { ...each, facts: { ...each.facts, IpPermissions: [] } } : each,
      );
      const less: readonly Lab[] = [
        { ...lab, resources: closed },
        { ...lab, weaknesses: (lab.weaknesses ?? []).filter((_, place) => place !== at) },
        { ...lab, credentials: (lab.credentials ?? []).filter((_, place) => place !== at) },
        { ...lab, resources: lab.resources.filter((_, place) => place !== at) },
      ];
      for (const each of less) expect(atMost(risksOf(each), before)).toBe(true);
    }),
    { numRuns: 250 },
  );
});

/** What is told of the paths of a lab, in no order. */
function toldOf(lab: Lab): readonly string[] {
  return derivePaths(factsOfLab(lab))
    .paths.flatMap(({ title, severity, pivot, paths }) =>
      paths.map(({ likelihood, steps }) =>
        [severity, title, pivot.key, likelihood, ...steps.map(({ sentence }) => sentence)].join('\n'),
      ),
    )
    .sort();
}

test.each([
  ['an account', '111111111111', '777777777777'],
  ['a region', 'eu-west-1', 'eu-south-9'],
  ['a network', 'vpc-1', 'vpc-0a1'],
  ['groups', 'sg-', 'sg-9'],
])('paths are the same, by their new names, where %s has another one', (_what, from, to) => {
  fc.assert(
    fc.property(aLab, (lab) => {
      const there = toldOf(renamed(lab, from, to)).map((text) => text.replaceAll(to, from));
      expect(there.toSorted()).toEqual(toldOf(lab));
    }),
    { numRuns: 60 },
  );
});

const OTHERS = Object.values(IDENTITY_LABS).map(({ lab }) =>
  renamed(renamed(lab, '111111111111', '888888888888'), '222222222222', '999999999999'),
);

test('an account of somebody else changes nothing, whoever is who in it', () => {
  fc.assert(
    fc.property(aLab, fc.constantFrom(...OTHERS), (lab, { resources }) => {
      // Where any account may come from, that one may.
      if (lab.lens === 'vendor') return;
      expect(issuesOf({ ...lab, resources: [...lab.resources, ...resources] })).toEqual(issuesOf(lab));
    }),
    { numRuns: 150 },
  );
});

test('no gate adds a target when it is closed, or makes one likelier, whichever it is', () => {
  for (const lab of LABS) {
    const facts = factsOfLab(lab);
    const before = risksIn(facts);
    const gates = new Set(facts.steps.flatMap((step) => step.gates.map(({ id }) => id)));
    for (const gate of gates) expect(atMost(risksIn(withoutGates(facts, [gate])), before), gate).toBe(true);
  }
});

test('what leaked to everybody is a way in from outside, and no question of the other lenses', () => {
  const role = SHAPE_LABS['vendor-role'] as Lab;
  const leaked = SHAPE_LABS['storage-token'] as Lab;
  const both = {
    ...role,
    resources: [...role.resources, ...leaked.resources],
    credentials: leaked.credentials ?? [],
    sensitive: leaked.sensitive ?? [],
  };
  const entries = (of: Lab) =>
    new Set(derivePaths(factsOfLab(of)).paths.flatMap(({ paths }) => paths.map(({ entry }) => entry)));
  expect(entries({ ...both, lens: 'outside' })).toEqual(new Set(['internet']));
  expect(entries({ ...both, lens: 'vendor' })).toEqual(new Set(['vendor']));
});
