import { describe, expect, test } from 'vitest';
import { issueId } from '../finding/identify-finding.ts';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, store, verdict, workload } from './attack-path.test-sample.ts';
import type { AttackPath } from './attack-path.ts';
import type { AttackStep } from './attack-step.ts';
import { derivePaths, PathModel } from './derive-paths.ts';
import { findingGate } from './gate.ts';
import { likelihoodOfCost } from './likelihood.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import { pathFinding } from './path-finding.ts';

const ESTATE = 'aws:111111111111';
const IMAGE = { key: 'image:shop', kind: 'image', name: 'shop' } as const;

const exploit = (on: string, flaw = 'CVE-2026-1', image: AttackStep['flawed'] = IMAGE): AttackStep =>
  step('network-exploit', workload('reach', on), workload('exec', on), {
    probability: 0.85,
    gates: [findingGate(flaw, `issue of ${flaw}`, `mend ${flaw}`)],
    ...(image === undefined ? {} : { flawed: image }),
    exploit: verdict('yes'),
  });
const chain = (name: string): readonly AttackStep[] => [
  step('public-endpoint', INTERNET, workload('reach', name)),
  exploit(name),
  step('workload-role', workload('exec', name), principal('role')),
];
const ADMIN = step('administrator', principal('role'), administratorOf(ESTATE));

function facts(
  steps: readonly AttackStep[],
  more: readonly PathAsset[] = [],
  production: 'yes' | 'no' = 'yes',
): PathFacts {
  const assets = ['web', 'web-2', 'role'].map((key) =>
    asset(key, key === 'role' ? 'iam-role' : 'ec2-instance'),
  );
  return {
    assets: new Map([...assets, ...more].map((each) => [each.context.key, each])),
    estates: new Map([[ESTATE, { production, evidence: [], name: 'account 111111111111' }]]),
    steps,
  };
}

const sensitive = (key: string): PathAsset =>
  asset(key, 's3-bucket', {
    data: {
      dataClass: 'restricted',
      types: ['pii'],
      clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'Macie found names' }],
    },
  });

test('the ways of a path come likeliest first, and its reason is that of the likeliest of the gravest', () => {
  const unlikely = chain('web').map((each) => ('flawed' in each ? { ...each, probability: 0.7 } : each));
  const model = new PathModel(facts([...unlikely, ...chain('web-2'), ADMIN]));
  const [path] = model.derive().paths as [AttackPath];
  expect(path.why).toContain(`about ${Math.round(100 * path.likelihood)} %`);
  const ways = model.waysOf(path).map(({ steps, cost }) => [steps[0]?.to.asset, likelihoodOfCost(cost)]);
  expect(ways).toEqual([
    ['web-2', path.likelihood],
    ['web', expect.closeTo((path.likelihood * 0.7) / 0.85, 1)],
  ]);
  expect(model.waysOf({ ...path, targetClass: 'backups' })).toEqual([]);
});

test('where another way than the likeliest decides how bad a path is, its reason says so', () => {
  const other = 'aws:222222222222';
  const { estates, ...known } = facts([
    ...chain('web'),
    ADMIN,
    step('administrator', principal('role'), administratorOf(other), { probability: 0.4 }),
  ]);
  const account = (production: 'yes' | 'no', name: string) => ({ production, evidence: [], name }) as const;
  const of = (mine: 'yes' | 'no', its: 'yes' | 'no') =>
    derivePaths({
      ...known,
      estates: new Map([
        [ESTATE, account(mine, 'mine')],
        [other, account(its, 'its')],
      ]),
    }).paths.map(({ severity, why }) => [
      severity,
      why.startsWith('The gravest of its ways is not the likeliest one. It'),
    ]);
  expect([of('yes', 'yes'), of('yes', 'no')]).toEqual([[['critical', false]], [['critical', false]]]);
  expect(of('no', 'yes')).toEqual([['critical', true]]);
});

describe('paths over one image', () => {
  const steps = [...chain('web'), ...chain('web-2'), exploit('web', 'CVE-2026-2'), ADMIN];
  const { paths } = derivePaths(facts(steps));

  test('are one issue, with all its entries', () => {
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatchObject({
      shape: 'workload-runs-as-admin',
      title: 'What runs as an administrator of account 111111111111 has a flaw that outsiders reach: shop',
      severity: 'critical',
      entries: 2,
      targets: [`account-admin:${ESTATE}`],
      resources: ['role', 'web', 'web-2'],
      gateIssues: ['issue of CVE-2026-1', 'issue of CVE-2026-2'],
      more: 0,
    });
    expect(paths[0]?.paths.map((path) => path.steps[0]?.to.asset)).toEqual(['web', 'web-2']);
  });

  test('say of each step how many others do the same', () => {
    expect(paths[0]?.paths[0]?.steps.map(({ otherWays }) => otherWays)).toEqual([0, 1, 0, 0]);
  });

  test('count the services of what they go through, each once', () => {
    const of = (key: string, services: readonly string[]): PathAsset => {
      const one = asset(key, key === 'role' ? 'iam-role' : 'ec2-instance');
      return { ...one, context: { ...one.context, services } };
    };
    const [path] = derivePaths(
      facts(steps, [of('web', ['shop']), of('web-2', ['shop', 'cart']), of('role', [])]),
    ).paths;
    expect(path?.services).toEqual(['cart', 'shop']);
  });

  test('are best closed where no other step does the same', () => {
    const [single] = derivePaths(facts([...chain('web'), ADMIN])).paths;
    const first = (path: typeof single) => path?.fixes[0]?.id;
    expect(first(single)).toBe('CVE-2026-1');
    const [double] = derivePaths(facts([...chain('web'), exploit('web', 'CVE-2026-2'), ADMIN])).paths;
    expect(first(double)).not.toMatch(/^CVE-/);
    expect(double?.fixes.at(-1)?.id).toMatch(/^CVE-/);
  });

  test('keep their identity when flaws, entries and targets come and go', () => {
    const named = (of: PathFacts) =>
      derivePaths(of).paths.map((path) => pathFinding(path, of).identity.issueKey);
    const expected = ['attack_path|security-inbox:workload-runs-as-admin|image:shop|account-admin'];
    expect(named(facts(steps))).toEqual(expected);
    expect(named(facts(steps.toReversed()))).toEqual(expected);
    expect(named(facts([...chain('web'), ADMIN]))).toEqual(expected);
    const { identity } = pathFinding(paths[0]!, facts(steps));
    expect(identity.issueId).toBe(issueId(expected[0] as string));
  });

  test('have the risks of what they go through', () => {
    expect(Object.entries(paths[0]!.risks).map(([risk, { state }]) => `${risk} ${state}`)).toEqual([
      'publicly_accessible yes',
      'privileged_access yes',
      'under_attack unknown',
      'exploit_available yes',
      'in_production yes',
    ]);
  });
});

describe('of several ways', () => {
  const unlikely = (name: string): readonly AttackStep[] =>
    chain(name).map((each) => ({ ...each, probability: each.probability * 0.6 }));
  const to = (name: string, more: Partial<AttackStep> = {}): AttackStep =>
    step('reads-data', principal('role'), store(name), more);

  test.each([
    ['web', 'web-2'],
    ['web-2', 'web'],
  ])('the likeliest is told: %s before %s', (first, second) => {
    const [path] = derivePaths(facts([...unlikely(second), ...chain(first), ADMIN])).paths;
    expect(path?.paths.map(({ steps }) => steps[0]?.to.asset)).toEqual([first, second]);
    expect(path?.likelihood).toBe(path?.paths[0]?.likelihood);
    expect(path?.likelihood).toBeGreaterThan(path?.paths[1]?.likelihood ?? 1);
  });

  test('the gravest decides, though another is likelier', () => {
    const other = 'aws:222222222222';
    const of = facts([
      ...chain('web'),
      step('administrator', principal('role'), administratorOf(other)),
      { ...ADMIN, probability: 0.2 },
    ]);
    const about = { production: 'unknown', evidence: [], name: 'account 222222222222' } as const;
    const [path] = derivePaths({ ...of, estates: new Map([...of.estates, [other, about]]) }).paths;
    expect(path?.paths[0]?.target).toBe('account 222222222222');
    expect(path).toMatchObject({
      severity: 'critical',
      targets: expect.arrayContaining([`account-admin:${ESTATE}`]),
    });
  });

  test('to things of one kind these are counted, in the title and in the description', () => {
    const of = facts([...chain('web'), ...chain('web-2'), to('a'), to('b')], ['a', 'b'].map(sensitive));
    const [path] = derivePaths(of).paths;
    expect(path?.title).toBe('A flaw in shop leads through its role to 2 stores of sensitive data');
    expect(pathFinding(path!, of).content.description).toMatch(
      /From any internet address in 4 steps; 2 entries, 2 targets\.$/,
    );
  });

  test('by one shape over one image to things of two kinds are two issues', () => {
    const plain = asset('orders', 's3-bucket');
    const orders = { ...plain, context: { ...plain.context, production: verdict('yes') } };
    const { paths } = derivePaths(
      facts([...chain('web'), to('orders'), to('customers')], [orders, sensitive('customers')]),
    );
    expect(paths.map(({ shape, targetClass }) => `${shape} ${targetClass}`).sort()).toEqual([
      'workload-to-data production-data',
      'workload-to-data sensitive-data',
    ]);
  });

  test('what closes two steps of one way is one fix', () => {
    const gate = { gates: [findingGate('CVE-2026-1', 'issue of CVE-2026-1', 'mend CVE-2026-1')] };
    const [path] = derivePaths(
      facts([...chain('web'), to('customers', gate)], [sensitive('customers')]),
    ).paths;
    expect(path?.fixes.map(({ id }) => id).filter((id) => id === 'CVE-2026-1')).toHaveLength(1);
  });
});

test('a path is under attack where anything of it is, and an exploit of a flaw of its machine is one of it', () => {
  const attacked = (key: string): PathAsset => {
    const one = asset(key, 'ec2-instance');
    return { ...one, context: { ...one.context, underAttack: verdict('yes') } };
  };
  const steps = chain('web').map((each) =>
    each.exploit === undefined ? each : { ...each, exploit: verdict('unknown') },
  );
  const out = (exploit: 'yes' | 'unknown') =>
    step(
      'machine-flaw',
      workload('exec'),
      { asset: 'k8s:shop/node', family: 'node', capability: 'root' },
      {
        exploit: verdict(exploit),
      },
    );
  const role = step(
    'node-metadata',
    { asset: 'k8s:shop/node', family: 'node', capability: 'root' },
    principal('role'),
  );
  const risks = (own: readonly AttackStep[], more: readonly PathAsset[] = []) => {
    const { risks: told } = derivePaths(facts([...own, ADMIN], more)).paths[0]!;
    return [told.under_attack.state, told.exploit_available.state];
  };
  expect(risks(steps)).toEqual(['unknown', 'unknown']);
  expect(risks(steps, [attacked('web')])).toEqual(['yes', 'unknown']);
  const entry = steps.slice(0, 2);
  expect(risks([...entry, out('unknown'), role])).toEqual(['unknown', 'unknown']);
  expect(risks([...entry, out('yes'), role])).toEqual(['unknown', 'yes']);
});

describe('the risks of a path', () => {
  const roles = Array.from({ length: 12 }, (_, at) => `role-${at}`);
  const privileged = (state: 'yes' | 'unknown', of = 'role-0'): readonly PathAsset[] =>
    roles.map((key) => {
      const one = asset(key, 'iam-role');
      const told = { ...verdict(state), evidence: [{ sentence: `${key} may.`, provenance: 'aws', at: 0 }] };
      return { ...one, context: { ...one.context, ...(key === of ? { privilegedAccess: told } : {}) } };
    });
  const reading = roles.flatMap((role) => [
    step('workload-role', workload('exec', 'web'), principal(role)),
    step('reads-data', principal(role), store('customers')),
  ]);
  const risks = (own: readonly AttackStep[], more: readonly PathAsset[]) =>
    derivePaths(facts(own, more)).paths[0]!.risks;

  test('are privileged where a principal on it is, though it takes over no account', () => {
    const steps = [...chain('web').slice(0, 2), ...reading.slice(0, 2)];
    const of = (state: 'yes' | 'unknown') =>
      risks(steps, [...privileged(state), sensitive('customers')]).privileged_access;
    expect(of('yes')).toMatchObject({ state: 'yes', evidence: [{ sentence: 'role-0 may.' }] });
    expect(of('unknown').state).toBe('unknown');
  });

  test('are public by how outsiders come in, and by nothing that follows', () => {
    const told = risks([...chain('web'), ADMIN], []).publicly_accessible.evidence;
    expect(told.map(({ sentence }) => sentence)).toEqual(['internet leads to web.']);
  });

  test('are told by ten sentences at most, each once', () => {
    const names = Array.from({ length: 12 }, (_, at) => `web-${at}`);
    const said = (key: string, sentence: string): PathAsset => {
      const one = asset(key, 'ec2-instance');
      const underAttack = { ...verdict('yes'), evidence: [{ sentence, provenance: 'falco', at: 0 }] };
      return { ...one, context: { ...one.context, underAttack } };
    };
    const sentences = (of: (name: string) => string) =>
      risks(
        [...names.flatMap(chain), ADMIN],
        names.map((name) => said(name, of(name))),
      ).under_attack.evidence;
    expect(sentences((name) => `${name} was attacked.`)).toHaveLength(10);
    expect(sentences(() => 'All were attacked.')).toHaveLength(1);
  });
});

describe('the environment of a path', () => {
  const said = (sentence: string) => ({ sentence, provenance: 'tag', at: 0 });
  const customers = (state: 'yes' | 'no' | 'unknown'): PathAsset => {
    const store = sensitive('customers');
    const production =
      state === 'unknown'
        ? { state, evidence: [], missing: ['a tag of customers'] }
        : { state, evidence: [said(`customers: ${state}`)], missing: [] };
    return { ...store, context: { ...store.context, production } };
  };
  const reads = step('reads-data', principal('role'), store('customers'));

  test.each(['yes', 'no', 'unknown'] as const)(
    'is told by where its target is, not by what it holds: %s',
    (state) => {
      const [path] = derivePaths(facts([...chain('web'), reads], [customers(state)])).paths;
      const { in_production: told } = path!.risks;
      expect(path).toMatchObject({ targets: ['customers'] });
      expect(told.evidence.map(({ sentence }) => sentence).join()).not.toContain('Macie');
      expect(told.state).toBe(state === 'yes' ? 'yes' : 'unknown');
      if (state === 'yes') expect(told.evidence).toEqual([said('customers: yes')]);
      else expect(told.missing.includes('a tag of customers')).toBe(state === 'unknown');
    },
  );

  test('is that of the account that it takes over', () => {
    const { in_production: told } = derivePaths(facts([...chain('web'), ADMIN])).paths[0]!.risks;
    expect(told).toMatchObject({ state: 'yes', missing: [] });
  });
});

test('another image, another kind of target: issues of their own', () => {
  const other = { key: 'image:cart', kind: 'image', name: 'cart' } as const;
  const steps = [
    ...chain('web'),
    step('public-endpoint', INTERNET, workload('reach', 'web-2')),
    exploit('web-2', 'CVE-2026-3', other),
    step('workload-role', workload('exec', 'web-2'), principal('role')),
    ADMIN,
    step('reads-data', principal('role'), store('customers')),
  ];
  expect(
    derivePaths(facts(steps, [sensitive('customers')])).paths.map(
      ({ shape, pivot, targetClass }) => `${shape} ${pivot.name} ${targetClass}`,
    ),
  ).toEqual([
    'workload-runs-as-admin cart account-admin',
    'workload-runs-as-admin shop account-admin',
    'workload-to-data cart sensitive-data',
    'workload-to-data shop sensitive-data',
  ]);
});

test('the gravest come first, of as grave ones the likelier, and of as likely ones by name', () => {
  const over = (name: string, probability: number): readonly AttackStep[] => [
    step('public-endpoint', INTERNET, workload('reach', name)),
    {
      ...exploit(name, `CVE of ${name}`, { key: `image:${name}`, kind: 'image', name }),
      probability,
    },
    step('workload-role', workload('exec', name), principal('role')),
  ];
  const steps = [
    ...over('a', 0.2),
    ...over('b', 0.3),
    ...over('d', 0.95),
    ...over('c', 0.95),
    ...over('e', 0.02),
    step('reads-data', principal('role'), store('customers')),
  ];
  for (const list of [steps, steps.toReversed()])
    expect(
      derivePaths(facts(list, [sensitive('customers')])).paths.map(
        ({ severity, pivot }) => `${severity} ${pivot.name}`,
      ),
    ).toEqual(['critical c', 'critical d', 'high b', 'high a', 'medium e']);
});

test('the graver comes before the likelier', () => {
  const steps = [
    ...chain('web'),
    { ...ADMIN, probability: 0.3 },
    step('reads-data', principal('role'), store('orders')),
  ];
  const plain = asset('orders', 's3-bucket');
  const orders = { ...plain, context: { ...plain.context, production: verdict('yes') } };
  const { paths } = derivePaths(facts(steps, [orders]));
  expect(paths.map(({ severity, targetClass }) => `${severity} ${targetClass}`)).toEqual([
    'critical account-admin',
    'high production-data',
  ]);
  expect(paths[0]?.likelihood).toBeLessThan(paths[1]?.likelihood ?? 0);
});

test('a path that no shape is about has a made name', () => {
  const steps = [
    step('public-endpoint', INTERNET, workload('reach')),
    step('open-control-port', workload('reach'), workload('exec')),
    step('container-escape', workload('exec'), principal('role')),
    ADMIN,
  ];
  const [path] = derivePaths(
    facts(
      steps.map((each) => ({
        ...each,
        rule: each.rule === 'open-control-port' ? ('node-tokens' as const) : each.rule,
      })),
    ),
  ).paths;
  expect(path).toMatchObject({
    shape: 'chain',
    title: 'web leads to account 111111111111 through 4 steps',
    pivot: { key: 'web' },
  });
});

test('nothing of it is left when any gate of each way is closed', () => {
  const steps = [...chain('web'), ADMIN];
  expect(derivePaths(facts(steps)).paths).toHaveLength(1);
  for (const closed of steps)
    expect(derivePaths(facts(steps.filter((each) => each !== closed))).paths).toEqual([]);
});

test('at most five ways are shown, the others counted', () => {
  const names = Array.from({ length: 9 }, (_, at) => `web-${at}`);
  const [path] = derivePaths(facts([...names.flatMap(chain), ADMIN])).paths;
  expect(path?.paths).toHaveLength(5);
  expect(path).toMatchObject({ entries: 9, more: 4 });
});

test('ways of another shape over the same image to the same kind of target are an issue of their own', () => {
  const steps = [
    ...chain('web'),
    ADMIN,
    step('public-endpoint', INTERNET, workload('reach', 'web-2')),
    exploit('web-2'),
    step('instance-command', workload('exec', 'web-2'), workload('exec', 'inner')),
    step('workload-role', workload('exec', 'inner'), principal('inner-role')),
    step('administrator', principal('inner-role'), administratorOf(ESTATE)),
  ];
  const found = derivePaths(facts(steps, [asset('inner', 'ec2-instance'), asset('inner-role', 'iam-role')]));
  expect(found.paths.map(({ shape, pivot, targetClass }) => [shape, pivot.key, targetClass])).toEqual([
    ['workload-runs-as-admin', 'image:shop', 'account-admin'],
    ['chain', 'image:shop', 'account-admin'],
  ]);
});

test('of the ways that are shown those with another entry come before likelier ones, and then those with other gates', () => {
  const names = Array.from({ length: 7 }, (_, at) => `data-${at}`);
  const reads = (name: string, gate: string, probability: number): AttackStep =>
    step('reads-data', principal('role'), store(name), { gate, probability });
  const [path] = derivePaths(
    facts(
      [
        ...chain('web'),
        ...chain('web-2').map((each) => ({ ...each, probability: each.probability * 0.5 })),
        ...names.slice(0, 6).map((name) => reads(name, 'one statement', 0.95)),
        reads('data-6', 'another statement', 0.6),
      ],
      names.map(sensitive),
    ),
  ).paths;
  const shown = path?.paths.map(({ steps, target }) => `${steps[0]?.to.asset} ${target}`);
  expect(shown).toHaveLength(5);
  expect(shown?.[0]).toBe('web data-0');
  expect(shown?.[1]).toMatch(/^web-2 data-/);
  expect(shown?.[2]).toBe('web data-6');
  expect(path?.more).toBe(9);
});

test('what somebody only sends requests to is none of the resources that he holds, and a path without a flaw has no exploit', () => {
  const db: PathAsset = {
    ...asset('db', 'rds-instance'),
    data: {
      dataClass: 'restricted',
      types: ['pii'],
      clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'a tag' }],
    },
  };
  const [asked] = derivePaths(
    facts(
      [
        step('public-endpoint', INTERNET, workload('reach')),
        step('code-exploit', workload('reach'), store('db'), { kind: 'query' }),
      ],
      [db],
    ),
  ).paths;
  expect(asked).toMatchObject({ shape: 'query-to-database', resources: ['db'] });
  const [open] = derivePaths(facts([step('open-trust', INTERNET, principal('role')), ADMIN])).paths;
  expect(open?.risks.exploit_available).toMatchObject({
    state: 'no',
    evidence: [{ sentence: 'Does not apply: the path needs no flaw.' }],
  });
});
