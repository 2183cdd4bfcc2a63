import { expect, test } from 'vitest';
import type { SeverityCounts } from '../severity/severity.ts';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, verdict, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { nodeOf, secretsOf } from './cluster-state.ts';
import { contextMap } from './context-map.ts';
import { derivePaths } from './derive-paths.ts';
import { findingGate } from './gate.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import type { AssetFamily, State } from './state.ts';

const NONE: ReadonlyMap<string, SeverityCounts> = new Map();
const ESTATE = 'aws:111111111111';
const way = (name: string): readonly AttackStep[] => [
  step('public-endpoint', INTERNET, workload('reach', name)),
  step('network-exploit', workload('reach', name), workload('exec', name), {
    gates: [findingGate('CVE-1', 'issue-1', 'mend CVE-1')],
    flawed: { key: 'image:shop', kind: 'image', name: 'shop' },
  }),
  step('workload-role', workload('exec', name), principal('role')),
];
const ADMIN = step('administrator', principal('role'), administratorOf(ESTATE));

function mapOf(
  steps: readonly AttackStep[],
  names: readonly string[],
  findings: ReadonlyMap<string, SeverityCounts> = NONE,
) {
  const assets = new Map(
    [...names, 'role'].map((key) => {
      const one = asset(key, key === 'role' ? 'iam-role' : 'ec2-instance');
      return [key, { ...one, context: { ...one.context, team: 'web', production: verdict('yes') } }] as const;
    }),
  );
  const facts: PathFacts = {
    assets,
    estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account' }]]),
    steps,
  };
  const [path] = derivePaths(facts).paths;
  return { path, map: contextMap((path as NonNullable<typeof path>).paths, facts, findings), facts };
}

test('it stands in columns by the number of steps, with risks, issues and owners', () => {
  const { map } = mapOf([...way('web'), ADMIN], ['web']);
  expect(
    map.nodes.map(({ layer, kind, name, badges, issues, owner }) => [
      layer,
      kind,
      name,
      badges,
      issues,
      owner,
    ]),
  ).toEqual([
    [0, 'origin', 'any internet address', [], [], null],
    [1, 'workload', 'web', ['in_production'], ['issue-1'], 'web'],
    [3, 'principal', 'role', ['in_production'], [], 'web'],
    [4, 'account', 'administrator of account', ['in_production'], [], null],
  ]);
  expect(map.edges.map(({ from, to, rule }) => `${from} ${rule} ${to}`)).toEqual([
    'internet public-endpoint web',
    'role administrator account-admin:aws:111111111111',
    'web workload-role role',
  ]);
  expect(map.hidden).toBe(0);
});

test('an exploit of the flaw that leads to something is a risk of that, and of nothing else', () => {
  const risks = (exploit: 'yes' | 'unknown') => {
    const steps = way('web').map((each) =>
      each.rule === 'network-exploit' ? { ...each, exploit: verdict(exploit) } : each,
    );
    const { map } = mapOf([...steps, ADMIN], ['web']);
    return map.nodes.flatMap(({ name, badges }) => (badges.includes('exploit_available') ? [name] : []));
  };
  expect(risks('yes')).toEqual(['web']);
  expect(risks('unknown')).toEqual([]);
});

test('it says where things are, what of value they hold, and how many findings of each severity are on them', () => {
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web']);
  const held = (key: string, more: Partial<PathAsset>, about: Partial<PathAsset['context']>) => {
    const one = facts.assets.get(key) as PathAsset;
    return [key, { ...one, ...more, context: { ...one.context, ...about } }] as const;
  };
  const told = { dataClass: 'restricted', types: ['pii'], clues: [] } as const;
  const assets = new Map([
    held('web', { data: told }, { account: 'k8s:shop', environment: 'production' }),
    held('role', { data: { ...told, types: [] } }, { environment: 'staging' }),
  ]);
  const { nodes } = contextMap(
    (path as NonNullable<typeof path>).paths,
    { ...facts, assets },
    new Map<string, SeverityCounts>([['web', { critical: 1, low: 4 }]]),
  );
  expect(
    nodes.map(({ kind, account, environment, data, findings }) => [
      kind,
      account,
      environment,
      data,
      findings,
    ]),
  ).toEqual([
    ['origin', null, null, [], {}],
    ['workload', 'shop', 'production', ['pii'], { critical: 1, low: 4 }],
    ['principal', '111111111111', 'staging', ['restricted'], {}],
    ['account', '111111111111', 'production', [], {}],
  ]);
  const nowhere = held('role', { estate: 'gcp:' }, { account: null });
  const somebody = contextMap(
    (path as NonNullable<typeof path>).paths,
    { ...facts, assets: new Map([nowhere]) },
    NONE,
  );
  expect(somebody.nodes.find(({ kind }) => kind === 'principal')?.account).toBeNull();
  const secret = held('web', { data: { dataClass: 'confidential', types: [], clues: [] } }, {});
  const abroad = contextMap(
    (path as NonNullable<typeof path>).paths,
    {
      ...facts,
      assets: new Map([secret]),
      estates: new Map([[ESTATE, { production: 'no', evidence: [], name: 'account' }]]),
    },
    NONE,
  );
  expect(abroad.nodes.flatMap(({ data }) => data)).toEqual(['confidential']);
  expect(abroad.nodes.find(({ kind }) => kind === 'account')).toMatchObject({
    badges: [],
    environment: null,
  });
  const plain = held('web', { data: { dataClass: 'internal', types: [], clues: [] } }, {});
  const none = contextMap(
    (path as NonNullable<typeof path>).paths,
    { ...facts, assets: new Map([plain]) },
    NONE,
  );
  expect(none.nodes.flatMap(({ data }) => data)).toEqual([]);
});

test.each([
  ['publiclyAccessible', 'publicly_accessible'],
  ['privilegedAccess', 'privileged_access'],
  ['underAttack', 'under_attack'],
  ['production', 'in_production'],
] as const)('%s of a resource is the risk %s of its node, and no other', (of, risk) => {
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web']);
  const badges = (state: 'yes' | 'unknown') => {
    const one = asset('web', 'ec2-instance');
    const known = new Map([['web', { ...one, context: { ...one.context, [of]: verdict(state) } }]]);
    const told = contextMap((path as NonNullable<typeof path>).paths, { ...facts, assets: known }, NONE);
    return told.nodes.find(({ id }) => id === 'web')?.badges;
  };
  expect(badges('yes')).toEqual([risk]);
  expect(badges('unknown')).toEqual([]);
});

test('what several ways pass stands where the shortest of them has it', () => {
  const around = step('network-reach', workload('exec', 'web'), workload('reach', 'inner'));
  const inner = way('inner').slice(1);
  const { path, facts } = mapOf([...way('inner'), ADMIN], ['web', 'inner']);
  const ways = [[...way('web').slice(0, 2), around, ...inner], way('inner')].map((steps) => ({
    ...(path as NonNullable<typeof path>).paths[0]!,
    steps: steps.map((each) => ({ ...each, otherWays: 0 })),
  }));
  for (const paths of [ways, ways.toReversed()]) {
    const { nodes } = contextMap(paths, facts, NONE);
    expect(nodes.map(({ name, layer }) => `${layer} ${name}`)).toEqual([
      '0 any internet address',
      '1 inner',
      '1 web',
      '3 role',
    ]);
  }
  // Whatever closes any of the ways there is told of it.
  const gates = [findingGate('CVE-2', 'issue-2', 'mend CVE-2')];
  const [long, short] = ways;
  const closed = {
    ...long!,
    steps: long!.steps.map((each) => (each.rule === around.rule ? { ...each, gates } : each)),
  };
  for (const paths of [
    [closed, short!],
    [short!, closed],
  ]) {
    const { nodes } = contextMap(paths, facts, NONE);
    expect(nodes.find(({ id }) => id === 'inner')?.issues).toEqual(['issue-1', 'issue-2']);
  }
});

/** The ways of one path to things that its role leads to, or that a flaw of its machine leads to straight away. */
function waysOf(
  ends: readonly { readonly key: string; readonly family: AssetFamily; readonly isNear?: boolean }[],
) {
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web']);
  const paths = ends.map(({ key, family, isNear = false }) => ({
    ...(path as NonNullable<typeof path>).paths[0]!,
    steps: [
      ...way('web'),
      step('reads-data', isNear ? workload('exec', 'web') : principal('role'), {
        asset: key,
        family,
        capability: 'read',
      }),
    ]
      .filter(({ rule }) => !isNear || rule !== 'workload-role')
      .map((each) => ({ ...each, otherWays: 0 })),
  }));
  return { path: { ...(path as NonNullable<typeof path>), paths }, facts };
}

const five = (name: string) => Array.from({ length: 5 }, (_, at) => `${name}-${at}`);

test('things of two kinds or of two columns are no stack, however many they are', () => {
  const counts = (ends: Parameters<typeof waysOf>[0]) => {
    const { path, facts } = waysOf(ends);
    return contextMap(path.paths, facts, NONE).nodes.map(({ count }) => count);
  };
  const stores = five('store').map((key) => ({ key, family: 'datastore' as const }));
  expect(counts([...stores, ...five('role').map((key) => ({ key, family: 'principal' as const }))])).toEqual(
    Array.from({ length: 13 }, () => 1),
  );
  expect(counts([...stores, ...five('other').map((key) => ({ key, family: 'datastore' as const }))])).toEqual(
    [1, 1, 1, 10],
  );
  const path = (keys: readonly string[], isFar: boolean) => ({
    steps: keys.flatMap((key) => [
      step('public-endpoint', INTERNET, workload('reach', 'web')),
      ...(isFar ? [step('network-exploit', workload('reach', 'web'), workload('exec', 'web'))] : []),
      step('reads-data', workload('exec', 'web'), { asset: key, family: 'datastore', capability: 'read' }),
    ]),
  });
  const { facts } = waysOf(stores);
  const ways = [
    ...five('near').map((key) => path([key], false)),
    ...five('far').map((key) => path([key], true)),
  ];
  const { nodes } = contextMap(ways, facts, NONE);
  expect(nodes.map(({ layer, count }) => `${layer} ${count}`)).toEqual([
    '0 1',
    '1 1',
    ...Array.from({ length: 5 }, () => '2 1'),
    ...Array.from({ length: 5 }, () => '3 1'),
  ]);
});

test('a stack is led to by what leads to all in it, is called after the first, and is in an account and an environment that all share', () => {
  const ends = Array.from({ length: 9 }, (_, at) => ({ key: `store-${at}`, family: 'datastore' as const }));
  const { path, facts } = waysOf(ends);
  const placed = (last: Partial<PathAsset['context']>) =>
    new Map(
      ends.map(({ key }, at) => {
        const one = asset(key, 's3-bucket');
        const context = {
          ...one.context,
          account: 'aws:1',
          environment: 'production',
          ...(at === 8 ? last : {}),
        };
        return [key, { ...one, context }] as const;
      }),
    );
  const stack = (last: Partial<PathAsset['context']> = {}, paths = path.paths) => {
    const { nodes, edges } = contextMap(paths, { ...facts, assets: placed(last) }, NONE);
    const found = nodes.find(({ count }) => count === 9);
    return { ...found, from: edges.filter(({ to }) => to === found?.id).map(({ from }) => from) };
  };
  const told = {
    name: 'store-0 and 8 others like it',
    account: '1',
    environment: 'production',
    from: ['role'],
  };
  expect(stack()).toMatchObject(told);
  expect(stack({}, path.paths.toReversed())).toMatchObject(told);
  expect(stack({ account: 'aws:2' })).toMatchObject({ account: null, environment: 'production' });
  expect(stack({ environment: 'staging' })).toMatchObject({ account: '1', environment: null });
});

test('a stack that is not drawn counts as all in it', () => {
  const ends = Array.from({ length: 9 }, (_, at) => ({ key: `store-${at}`, family: 'datastore' as const }));
  const { path, facts } = waysOf(ends);
  const long = Array.from({ length: 58 }, (_, at) =>
    step('network-reach', workload('exec', at === 0 ? 'web' : `m-${at}`), workload('exec', `m-${at + 1}`)),
  );
  const paths = path.paths.map((each) => ({
    ...each,
    steps: [
      ...each.steps.slice(0, 2),
      ...long.map((one) => ({ ...one, otherWays: 0 })),
      { ...each.steps.at(-1)!, from: workload('exec', 'm-58') },
    ],
  }));
  const { nodes, hidden } = contextMap(paths, facts, NONE);
  expect([nodes.length, hidden]).toEqual([60, 9]);
});

test('a copy holds what its original holds', () => {
  const { path, facts } = waysOf([{ key: 'copy', family: 'datastore' }]);
  const data = { dataClass: 'restricted', types: ['pci'], clues: [] } as const;
  const copy = asset('copy', 'rds-snapshot', { copyOf: asset('shop', 'rds-instance', { data }) });
  const { nodes } = contextMap(path.paths, { ...facts, assets: new Map([['copy', copy]]) }, NONE);
  expect(nodes.find(({ id }) => id === 'copy')?.data).toEqual(['pci']);
});

test('a stack has the risks, issues and data of all in it, an owner that all have, and no page', () => {
  const bucket = (at: number) => `aws:arn:aws:s3:::data-${at}`;
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web']);
  const paths = Array.from({ length: 9 }, (_, at) => ({
    ...(path as NonNullable<typeof path>).paths[0]!,
    steps: [
      ...way('web'),
      step(
        'reads-data',
        principal('role'),
        { asset: bucket(at), family: 'datastore', capability: 'read' },
        {
          gates: [findingGate(`f-${at}`, `issue-of-${at}`, 'mend it')],
        },
      ),
    ].map((each) => ({ ...each, otherWays: 0 })),
  }));
  const stack = (owners: (at: number) => string) => {
    const stores = paths.map((_, at) => {
      const one = asset(bucket(at), 's3-bucket');
      const production = verdict(at === 8 ? 'yes' : 'unknown');
      const data = { dataClass: 'restricted', types: [at === 0 ? 'pii' : 'pci'], clues: [] } as const;
      return [
        bucket(at),
        { ...one, data, context: { ...one.context, team: owners(at), production } },
      ] as const;
    });
    const { nodes } = contextMap(paths, { ...facts, assets: new Map(stores) }, NONE);
    return nodes.find(({ count }) => count > 1);
  };
  expect(stack(() => 'shop')).toMatchObject({
    count: 9,
    name: 'aws:arn:aws:s3:::data-0 and 8 others like it',
    badges: ['in_production'],
    data: ['pci', 'pii'],
    issues: paths.map((_, at) => `issue-of-${at}`),
    owner: 'shop',
    link: null,
  });
  expect(stack((at) => (at === 8 ? 'till' : 'shop'))?.owner).toBeNull();
});

test('many alike are one stack, and never more than sixty things stand there', () => {
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web']);
  const [one] = (path as NonNullable<typeof path>).paths;
  const many = (count: number, to: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => ({
      ...(one as NonNullable<typeof one>),
      steps: (one as NonNullable<typeof one>).steps.map((each) => ({
        ...each,
        from: each.from.asset === 'web' ? { ...each.from, asset: `web-${at}` } : each.from,
        to:
          each.to.asset === 'web'
            ? { ...each.to, asset: `web-${at}` }
            : each.to.asset === 'role'
              ? { ...each.to, asset: to(at) }
              : each.to,
      })),
    }));
  const alike = contextMap(
    many(20, () => 'role'),
    facts,
    NONE,
  );
  expect(alike.nodes.map(({ layer, count }) => [layer, count])).toContainEqual([1, 20]);
  const counted = contextMap(
    many(20, () => 'role'),
    facts,
    new Map<string, SeverityCounts>([
      ['web-3', { critical: 1, high: 2 }],
      ['web-4', { high: 3 }],
    ]),
  );
  expect(counted.nodes.find(({ count }) => count === 20)?.findings).toEqual({ critical: 1, high: 5 });
  expect(alike.nodes).toHaveLength(4);
  const few = (count: number) =>
    contextMap(
      many(count, () => 'role'),
      facts,
      NONE,
    ).nodes.length;
  expect([few(8), few(9)]).toEqual([11, 4]);
  const apart = contextMap(
    many(70, (at) => `role-${at}`),
    facts,
    NONE,
  );
  expect(apart.nodes).toHaveLength(60);
  expect(apart.hidden).toBe(2 + 70 + 70 + 1 - 60);
  const ids = new Set(apart.nodes.map(({ id }) => id));
  expect(apart.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
});

test('what lies in a cloud leads to its page in the console, and nothing else does', () => {
  const bucket = 'aws:arn:aws:s3:::exports';
  const { path, facts } = mapOf([...way('web'), ADMIN], ['web', bucket]);
  const [one] = (path as NonNullable<typeof path>).paths;
  const steps = (one as NonNullable<typeof one>).steps.map((each) =>
    each.to.asset === 'role' ? { ...each, to: { ...each.to, asset: bucket } } : each,
  );
  const { nodes } = contextMap([{ ...(one as NonNullable<typeof one>), steps }], facts, NONE);
  expect(Object.fromEntries(nodes.map(({ id, link }) => [id, link]))).toMatchObject({
    internet: null,
    web: null,
    [bucket]: 'https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3As3%3A%3A%3Aexports',
  });
});

test('what requests meet first on the way in stands in the column of what it leads to, and makes room for what the ways pass', () => {
  const [entry, ...rest] = way('web') as readonly [AttackStep, ...AttackStep[]];
  const passes = [
    { id: 'network:a front', name: 'front' },
    { id: 'network:a rule', name: 'rule' },
    { id: 'network:a sgr-1', name: 'sgr-1' },
  ];
  const { map, path, facts } = mapOf([{ ...entry, passes }, ...rest, ADMIN], ['web']);
  expect(map.nodes.map(({ layer, kind, name }) => `${layer} ${kind} ${name}`)).toEqual([
    '0 origin any internet address',
    '1 network front',
    '1 workload web',
    '3 principal role',
    '4 account administrator of account',
  ]);
  expect(
    map.edges.flatMap(({ from, to, rule, sentence }) =>
      rule === 'passes' || rule === 'lets-in' ? `${from} ${rule} ${to}: ${sentence}` : [],
    ),
  ).toEqual([
    'internet passes network:a front: What comes in passes front',
    'network:a front lets-in web: front lets it in to web through rule, sgr-1',
  ]);
  const [one] = (path as NonNullable<typeof path>).paths;
  const long = Array.from({ length: 58 }, (_, at) =>
    step('network-reach', workload('exec', `m-${at}`), workload('exec', `m-${at + 1}`)),
  );
  const steps = [{ ...entry, passes, otherWays: 0 }, ...long.map((each) => ({ ...each, otherWays: 0 }))];
  const full = contextMap([{ ...(one as NonNullable<typeof one>), steps }], facts, NONE);
  expect(full.nodes).toHaveLength(60);
  expect(full.hidden).toBe(2);
  expect(full.nodes.some(({ kind }) => kind === 'network')).toBe(false);
  expect(
    full.edges.filter(({ from, to }) => from.startsWith('network:') || to.startsWith('network:')),
  ).toEqual([]);
});

test('accounts and what stands for a whole cluster go by the name of that, and a group is none of these', () => {
  const cluster = { production: 'yes', evidence: [], name: 'cluster shop' } as const;
  const facts = { assets: new Map(), estates: new Map([['k8s:shop', cluster]]) };
  const nameOf = (to: State) =>
    contextMap([{ steps: [step('public-endpoint', INTERNET, to)] }], facts, NONE).nodes[1]?.name;
  expect(
    [
      administratorOf('k8s:shop'),
      secretsOf('k8s:shop'),
      nodeOf('k8s:shop'),
      administratorOf('k8s:other'),
      principal('k8s:shop/rbac.authorization.k8s.io/Group//team/secrets'),
    ].map(nameOf),
  ).toEqual([
    'administrator of cluster shop',
    'secrets of cluster shop',
    'a node of cluster shop',
    'administrator of k8s:other',
    'Group team/secrets',
  ]);
});

test('of more ways than there is room for the first are whole, and a stack is led to in the words of the one it is called after', () => {
  const apart = Array.from({ length: 40 }, (_, at) => ({
    steps: [
      step('public-endpoint', INTERNET, workload('reach', `m-${at}`)),
      step('workload-role', workload('exec', `m-${at}`), principal(`r-${at}`)),
      step('administrator', principal(`r-${at}`), administratorOf(ESTATE)),
    ],
  }));
  const facts = { assets: new Map(), estates: new Map() };
  const { nodes, edges, hidden } = contextMap(apart, facts, NONE);
  expect([nodes.length, hidden]).toEqual([60, 22]);
  for (const { id, layer } of nodes)
    if (layer < 3) expect(edges.filter(({ from }) => from === id)).not.toEqual([]);
  expect(contextMap(apart.toReversed(), facts, NONE).nodes.map(({ id }) => id)).toContain('m-39');

  const alike = Array.from({ length: 20 }, (_, at) => ({
    steps: [
      step('public-endpoint', INTERNET, workload('reach', `m-${at + 10}`), {
        passes: [{ id: `network:${at}`, name: `balancer ${at + 10}` }],
      }),
      step('administrator', workload('exec', `m-${at + 10}`), administratorOf(ESTATE)),
    ],
  }));
  for (const ways of [alike, alike.toReversed()]) {
    const map = contextMap(ways, facts, NONE);
    expect(map.nodes.map(({ kind, count }) => `${kind} ${count}`)).toEqual([
      'origin 1',
      'network 20',
      'workload 20',
      'account 1',
    ]);
    expect(map.edges.map(({ rule, sentence }) => `${rule}: ${sentence}`).sort()).toEqual([
      'administrator: m-10 leads to account-admin:aws:111111111111',
      'lets-in: balancer 10 lets it in to m-10',
      'passes: What comes in passes balancer 10',
      'public-endpoint: internet leads to m-10',
    ]);
  }
});
