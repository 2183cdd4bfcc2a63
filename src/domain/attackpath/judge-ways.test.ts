import { expect, test } from 'vitest';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, store, target, workload } from './attack-path.test-sample.ts';
import { WaySearch } from './find-paths.ts';
import { ESTATE } from './fix-plan.test-sample.ts';
import { WayJudge } from './judge-ways.ts';
import type { State } from './state.ts';

const INSIDE: State = { asset: 'any-employee', family: 'origin', capability: 'reach' };
const ADMIN = administratorOf(ESTATE);
// There are pairs of ways that differ in one thing: where they begin, what they enter by, what they lead to, one of their steps.
const STEPS = [
  step('open-trust', INTERNET, principal('role')),
  step('open-trust', INTERNET, principal('pool')),
  step('leaked-credential', INTERNET, principal('user'), { kind: 'repository' }),
  step('assumed-breach', INSIDE, principal('employee')),
  step('open-trust', { ...INTERNET, asset: 'any-aws-account' }, principal('other')),
  ...['role', 'pool', 'user', 'employee', 'other'].flatMap((name) => [
    step('reads-data', principal(name), store('data')),
    step('reads-data', principal(name), store('more')),
    step('reads-data', principal(name), store('unsure'), { isUnknown: true }),
    step('administrator', principal(name), ADMIN),
  ]),
  step('public-data', INTERNET, store('bucket')),
  step('public-data', INTERNET, store('site')),
  step('public-data', { ...INTERNET, asset: 'any-aws-account' }, store('lent')),
  step('public-data', { ...INTERNET, asset: 'any-aws-account' }, store('snapshot')),
  step('public-endpoint', INTERNET, workload('reach')),
  step('network-exploit', workload('reach'), workload('exec')),
  step('workload-role', workload('exec'), principal('runs')),
  step('reads-data', principal('runs'), store('data')),
];
const TARGETS = [
  target(store('data')),
  target(store('more'), { class: 'production-data', tier: 2 }),
  target(store('unsure')),
  ...['bucket', 'lent', 'snapshot'].map((name) => target(store(name))),
  target(store('site'), { class: 'served-content', tier: 2 }),
  target(ADMIN, { class: 'account-admin', tier: 0 }),
];
const ASSETS = new Map(
  [
    asset('role', 'iam-role'),
    asset('pool', 'cognito-identity-pool'),
    asset('user', 'iam-user'),
    asset('other', 'iam-role'),
    ...['bucket', 'site', 'lent'].map((name) => asset(name, 's3-bucket')),
    asset('snapshot', 'rds-snapshot'),
    asset('web', 'ec2-instance'),
  ].map((each) => [each.context.key, each]),
);

test('a way is judged as it would be alone, whatever was judged before it', () => {
  const search = new WaySearch(STEPS, TARGETS);
  const { ways } = search.ways();
  const alone = ways.map((way) => new WayJudge(search.states, { assets: ASSETS }).judge(way));
  for (const order of [ways, ways.toReversed()]) {
    const judge = new WayJudge(search.states, { assets: ASSETS });
    const judged = new Map(order.map((way) => [way, judge.judge(way)]));
    expect(ways.map((way) => judged.get(way))).toEqual(alone);
    for (const way of ways) expect(judge.judge(way)).toBe(judged.get(way));
  }
});

test('ways of one path have one name, and paths of one pivot and class of targets one place', () => {
  const search = new WaySearch(STEPS, TARGETS);
  const judge = new WayJudge(search.states, { assets: ASSETS });
  const names = new Map(search.ways().ways.map((way) => [way, judge.judge(way).path]));
  for (const [way, name] of names)
    for (const [other, its] of names) {
      expect(name === its).toBe(name.key === its.key);
      const isOnePlace = way.pivot === other.pivot && way.target.class === other.target.class;
      expect(name.place === its.place).toBe(isOnePlace);
    }
});
