import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { group, listed, NO_BALANCERS, part, resource, tcp } from '../../../test/support/aws-world.ts';
import { NO_PRIVILEGES } from '../risk/aws-privileged-access.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAwsChanges, evaluateAwsEstate } from '../risk/evaluate-aws-estate.ts';
import { FIXED, GROUPS, RULES, VARIANTS } from './aws-affected.test-sample.ts';
import type { ChangedResource } from './aws-affected.ts';

/** Which variant each of them says, 0 for what it says at first, null where it is not described; and the rules of groups. */
interface World {
  readonly rules: Readonly<Record<string, readonly number[]>>;
  readonly says: Readonly<Record<string, number | null>>;
  /** Whether the lists are complete by which nothing unseen stands in front. */
  readonly isListed: boolean;
}

function estateOf({ rules, says, isListed }: World): readonly EstateResource[] {
  return [
    ...FIXED.flatMap((each) => {
      const variant = says[each.name] ?? (says[each.name] === null ? null : 0);
      if (variant === null) return [];
      const other = variant === 0 ? {} : VARIANTS[each.name]?.[variant - 1];
      return [{ ...each, facts: { ...each.facts, ...other } }];
    }),
    ...GROUPS.map((id) => group(id, ...(rules[id] ?? []).map((rule) => RULES[rule] as JsonObject))),
    ...(isListed ? NO_BALANCERS : []),
  ];
}

const VARIED = Object.keys(VARIANTS);
const someRules = fc
  .uniqueArray(fc.nat(RULES.length - 1), { maxLength: 3 })
  .map((rules) => (rules.length === 3 ? rules : [0, ...rules]));
const said = (name: string): fc.Arbitrary<number | null> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.nat(VARIANTS[name]?.length ?? 0) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
const world: fc.Arbitrary<World> = fc.record({
  rules: fc.record(Object.fromEntries(GROUPS.map((id) => [id, someRules]))),
  says: fc.record(Object.fromEntries(VARIED.map((name) => [name, said(name)]))),
  isListed: fc.boolean(),
});
/** What a change may say: one of the rules, one of the variants. */
interface Step {
  readonly rules: readonly number[];
  readonly variant: number;
}
const step: fc.Arbitrary<Step> = fc.record({ rules: someRules, variant: fc.nat(11) });
/** Mostly what the account says at first, so that there is something that a change can change. */
const usual = fc.tuple(world, fc.uniqueArray(fc.constantFrom(...VARIED), { maxLength: 8 })).map(
  ([other, unusual]): World => ({
    ...other,
    says: Object.fromEntries(unusual.map((name) => [name, other.says[name] ?? null])),
  }),
);
const change = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...GROUPS) },
  { weight: 4, arbitrary: fc.constantFrom(...VARIED) },
);

const DESCRIBED = new Map(FIXED.map((each) => [each.name, each]));

/** These things say something else, or are described at last; what is described stays so. */
function changesTo(
  estate: readonly EstateResource[],
  { rules, variant }: Step,
  what: readonly string[],
): readonly ChangedResource[] {
  return what.map((name) => {
    const fixed = DESCRIBED.get(name);
    const variants = VARIANTS[name] ?? [];
    const other = variants[(variant % (variants.length + 1)) - 1];
    const after =
      fixed === undefined
        ? group(name, ...rules.map((rule) => RULES[rule] as JsonObject))
        : { ...fixed, facts: { ...fixed.facts, ...other } };
    return { before: estate.find(({ key }) => key === after.key) ?? null, after };
  });
}

function applied(
  estate: readonly EstateResource[],
  changes: readonly ChangedResource[],
): readonly EstateResource[] {
  // In their places: the order in which things are told is that of the account.
  const later = new Map(changes.map(({ before, after }) => [before, after]));
  const added = changes.flatMap(({ before, after }) => (before === null ? [after] : []));
  return [...estate.map((each) => later.get(each) ?? each), ...added];
}

function changesBetween(
  before: readonly EstateResource[],
  after: readonly EstateResource[],
): readonly ChangedResource[] {
  const byKey = new Map(before.map((each) => [each.key, each]));
  return after.flatMap((each): ChangedResource[] => {
    const old = byKey.get(each.key) ?? null;
    return old !== null && JSON.stringify(old) === JSON.stringify(each) ? [] : [{ before: old, after: each }];
  });
}

const whole = (estate: readonly EstateResource[]) => evaluateAwsEstate(estate, {}, NO_PRIVILEGES);
const affected = (estate: readonly EstateResource[], changes: readonly ChangedResource[]) =>
  evaluateAwsChanges(estate, changes, {}, NO_PRIVILEGES);

/** Of so many accounts so many scans in a row, each with so many changes: 10,000 together. Raise them to look longer. */
const ACCOUNTS = 50;
const SCANS = 50;
const CHANGES = 4;
/** After so many scans everything is judged anew. */
const BETWEEN = 5;
/** It takes half a minute of a core that it has for itself. */
const MINUTES = 10;

describe('what a change affects', () => {
  /** The same as judging everything anew; how much was judged and how much was left. */
  const compare = (
    before: readonly EstateResource[],
    after: readonly EstateResource[],
    judgedBefore = whole(before),
  ) => {
    const { affected: keys, risks } = affected(after, changesBetween(before, after));
    const all = whole(after);
    // A load balancer without a network may be that of anything.
    if (keys !== null) expect(new Map([...judgedBefore, ...risks])).toEqual(all);
    return { judged: risks.size, left: all.size - risks.size };
  };

  it.each([
    ['in an account that is open', [0, 2, 5], {}, Object.keys(VARIANTS)],
    [
      'in one that is opened by lists, templates and a key',
      [5, 6],
      { logs: 3, asg: 1, 'eni-late': 2 },
      ['pl-1', 'pl-1/1', 'asg', 'lt-1/1', 'k-1', 'i-ab', 'untold', 'front', 'eni-late'],
    ],
  ])(
    'is all that is judged otherwise after any one thing says something else, %s',
    (_title, own, says, varied) => {
      const start: World = { rules: Object.fromEntries(GROUPS.map((id) => [id, own])), says, isListed: true };
      const before = estateOf(start);
      const judgedBefore = whole(before);
      for (const name of varied)
        for (const variant of (VARIANTS[name] ?? []).keys())
          compare(before, estateOf({ ...start, says: { ...says, [name]: variant + 1 } }), judgedBefore);
    },
  );

  it('is all that is judged otherwise after it, change by change', { timeout: MINUTES * 60_000 }, () => {
    let left = 0;
    let judged = 0;
    fc.assert(
      fc.property(
        usual,
        fc.array(fc.tuple(step, fc.uniqueArray(change, { minLength: CHANGES, maxLength: CHANGES })), {
          minLength: SCANS,
          maxLength: SCANS,
        }),
        (start, steps) => {
          let estate = estateOf(start);
          let known = whole(estate);
          for (const [index, [said, what]] of steps.entries()) {
            const changes = changesTo(estate, said, what);
            estate = applied(estate, changes);
            const found = affected(estate, changes);
            known = found.affected === null ? found.risks : new Map([...known, ...found.risks]);
            judged += found.risks.size;
            left += known.size - found.risks.size;
            if (index % BETWEEN < BETWEEN - 1) continue;
            const anew = whole(estate);
            // The same said at once, as a difference takes long to word.
            if (!isDeepStrictEqual(known, anew)) expect(known).toEqual(anew);
          }
        },
      ),
      { numRuns: ACCOUNTS },
    );
    // To call everything affected would prove nothing.
    expect(left).toBeGreaterThan(judged);
  });

  const names = (estate: readonly EstateResource[], name: string, facts: JsonObject): readonly string[] => {
    const start = estate.find((each) => each.name === name) as EstateResource;
    const end = { ...start, facts: { ...start.facts, ...facts } };
    const after = estate.map((each) => (each === start ? end : each));
    const keys = affected(after, [{ before: start, after: end }]).affected;
    return after.filter(({ key }) => keys?.has(key)).map((each) => each.name);
  };

  it.each<readonly [title: string, name: string, facts: JsonObject, affected: readonly string[]]>([
    [
      'one group and what stands in it',
      'sg-db',
      { IpPermissions: [] },
      ['orders', 'warehouse', 'sg-db', 'orders-1'],
    ],
    [
      'an instance, what it serves, and what runs on it',
      'i-a',
      { State: { Name: 'stopped' } },
      ['i-a', 'batch', 'ci-1', 't2'],
    ],
    ['an instance that serves nothing', 'i-classic', { State: { Name: 'stopped' } }, ['i-classic']],
    ['an interface and its instance', 'eni-late', { Groups: [] }, ['i-late', 'eni-late']],
    [
      'a listener, its load balancer, and what that passes requests on to',
      'l1',
      { Port: 8443 },
      [
        'i-target',
        'i-address',
        'shop',
        'resize',
        'front',
        'l1',
        'tg',
        'untold',
        'functions',
        'h1',
        'h2',
        'h3',
        'h6',
        '10.20.0.5 behind vpc-1',
      ],
    ],
    ['a function', 'resize', { Policy: null }, ['resize']],
    [
      'a machine that no inventory has',
      '10.20.0.5 behind vpc-1',
      { Network: 'vpc-2' },
      ['10.20.0.5 behind vpc-1'],
    ],
    ['a topic and what it invokes', 'news', { Policy: null }, ['news', 'resize']],
    ['a queue', 'jobs', { Policy: null }, ['jobs']],
    [
      'a bucket, what is written or copied into it, and what that invokes',
      'logs',
      { Policy: null },
      ['audit', 'logs', 'copies', 'point', 'resize'],
    ],
    [
      'a part, what it describes, and what rests on that',
      'part of copies ReplicatesTo',
      { Facts: { ReplicatesTo: [] } },
      ['copies', 'part of copies ReplicatesTo', 'resize'],
    ],
    ['a key on which no bucket rests', 'k-1', { Policy: null }, ['k-1']],
    ['the list of a private network', 'subnet-2', { CidrBlock: '10.0.7.0/24' }, ['subnet-2']],
  ])('is %s', (_title, name, facts, expected) => {
    const estate = estateOf({ rules: {}, says: {}, isListed: true });
    expect([...names(estate, name, facts)].sort()).toEqual([...expected].sort());
  });

  it('is what a later answer about its target group no longer lists', () => {
    const rules = Object.fromEntries(GROUPS.map((id) => [id, [0, 2, 5]]));
    const before = estateOf({ rules, says: {}, isListed: true });
    for (const TargetGroup of ['arn:tg/1', 'functions']) {
      const answer = resource('target-health', 'answer', { TargetGroup });
      const later = { ...answer, seenAt: answer.seenAt + 1 };
      expect(whole([...before, later])).not.toEqual(whole([...before, answer]));
      for (const known of [before, [...before, answer]])
        expect(compare(known, [...before, later]).left).toBeGreaterThan(0);
    }
  });

  it('is all of a network where a load balancer of it answers now, and may have targets that nobody told', () => {
    // Without a distribution that answers for it in any case.
    const closed = estateOf({ rules: {}, says: { cdn: null, 'vl-1': null }, isListed: true });
    const opened = (facts: JsonObject): readonly string[] => names(closed, 'sg-lb', facts);
    expect(opened({ IpPermissions: [tcp(22, '0.0.0.0/0')] })).not.toContain('i-a');
    expect(opened({ IpPermissions: [tcp(443, '0.0.0.0/0')] })).toContain('i-a');
    const told = closed.filter(({ name }) => name !== 'untold');
    expect(names(told, 'sg-lb', { IpPermissions: [tcp(443, '0.0.0.0/0')] })).not.toContain('i-a');
  });

  const only = (
    after: EstateResource,
    before: EstateResource | null = null,
    others: readonly EstateResource[] = [],
  ) => affected([...others, after], [{ before, after }]).affected;
  const here = group('sg-a');

  it.each<readonly [title: string, change: EstateResource, before: EstateResource | null]>([
    ['of a list that is complete', listed('route-table')[0] as EstateResource, null],
    ['of what is not followed', resource('vpc-endpoint', 'a', {}), null],
    ['of a resource that changes its place', here, { ...here, region: 'us-east-1' }],
    ['of a part of something else than before', part('s3-bucket', 'a', {}), part('s3-bucket', 'b', {})],
    ['that is the first one in its region', group('sg-b'), null],
  ])('may be anything %s', (_title, after, before) => {
    expect(only(after, before)).toBeNull();
  });

  it('may be anything where very many change', () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ before: null, after: group(`sg-${index}`) }));
    const after = [here, ...many.map((each) => each.after)];
    expect(affected(after, many).affected).toBeNull();
    expect(affected(after, many.slice(1)).affected?.size).toBe(200);
  });
});
