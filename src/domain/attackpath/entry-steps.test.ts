import { expect, test } from 'vitest';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { asset, openWay } from './attack-path.test-sample.ts';
import { entrySteps, wayInGate } from './entry-steps.ts';
import { stepRule } from './step-rules.ts';

const told = (type: string, records: readonly ExposureRecord[], reasons: readonly string[] = []) =>
  entrySteps([
    asset('aws:arn:aws:x:::web', type, {
      exposure: records,
      privilege: { level: 'unknown', reasons },
    }),
  ]).map(
    ({ rule, from, to, gates }) => `${from.asset} ${rule} ${to.capability} ${gates.map(({ id }) => id)}`,
  );

const GATE = 'aws:111111111111 sgr-1';

test.each<[string, string, Partial<ExposureRecord>, readonly string[]]>([
  ['an open port', 'ec2-instance', {}, [`internet public-endpoint reach ${GATE}`]],
  ['a wide range', 'ec2-instance', { audience: 'internet-wide' }, [`internet public-endpoint reach ${GATE}`]],
  ['a login of the application', 'workload', { auth: 'app' }, [`internet public-endpoint reach ${GATE}`]],
  ['a login in front', 'workload', { auth: 'oidc' }, []],
  ['a signature of the account', 'lambda-function', { auth: 'iam' }, []],
  [
    'a signature of any account',
    'lambda-function',
    { auth: 'iam', audience: 'any-aws-account' },
    [`any-aws-account public-endpoint reach ${GATE}`],
  ],
  ['a login before any account', 'lambda-function', { auth: 'oidc', audience: 'any-aws-account' }, []],
  ['what may be open', 'ec2-instance', { verdict: 'unknown' }, []],
  ['what is closed', 'ec2-instance', { verdict: 'no' }, []],
  ['a stopped machine', 'ec2-instance', { isDormant: true }, []],
  ['a partner', 'ec2-instance', { audience: 'partner' }, []],
  ['the office', 'ec2-instance', { audience: 'corp' }, []],
  ['a subnet', 'subnet', {}, []],
  [
    'two rules that open it together',
    'ec2-instance',
    { gates: ['sgr-1', 'sgr-2'] },
    ['internet public-endpoint reach aws:arn:aws:x:::web tcp/443 internet'],
  ],
  [
    'a port that runs code',
    'workload',
    { hands: 'exec' },
    [
      `internet public-endpoint reach ${GATE}`,
      'aws:arn:aws:x:::web open-control-port exec aws:arn:aws:x:::web tcp/443 login',
    ],
  ],
])('%s on %s', (_what, type, more, expected) => {
  expect(told(type, [openWay('tcp/443', more)])).toEqual(expected);
});

test.each<[string, string, Partial<ExposureRecord>, readonly string[]]>([
  ['read', 's3-bucket', {}, [`internet public-data read ${GATE}`]],
  ['list', 's3-bucket', {}, [`internet public-data list ${GATE}`]],
  ['write', 's3-bucket', {}, [`internet public-data write ${GATE}`]],
  ['admin', 's3-bucket', {}, [`internet public-data admin ${GATE}`]],
  ['list, read', 'azure-blob-container', {}, [`internet public-data read ${GATE}`]],
  [
    'copy',
    'snapshot',
    { audience: 'any-aws-account', auth: 'iam' },
    [`any-aws-account public-data read ${GATE}`],
  ],
  ['read', 's3-bucket', { auth: 'iam' }, []],
  ['tcp/5432', 'rds-instance', { auth: 'db-password' }, [`internet guessed-login read ${GATE}`]],
  ['tcp/5432', 'rds-instance', { auth: 'db-password', audience: 'org' }, []],
])('%s of a %s that everybody may use', (surface, type, more, expected) => {
  expect(told(type, [openWay(surface, more)])).toEqual(expected);
});

test.each([
  ['can be assumed from any AWS account', 'any-aws-account'],
  ['can be assumed by any GitHub user', 'internet'],
  ['can be assumed by any Terraform Cloud user', 'internet'],
  ['can be assumed by anybody through its Cognito identity pool', 'internet'],
  ['can be assumed by anybody with an account at accounts.google.com', 'internet'],
  ['can be assumed from account 222222222222', null],
  ['can be assumed by pipelines of GitHub: repo:acme/shop', null],
  ['can be assumed by every pod of its cluster', null],
  ['may do everything in the account', null],
])('a role that %s', (reason, origin) => {
  expect(told('iam-role', [], [reason])).toEqual(
    origin === null ? [] : [`${origin} open-trust use aws:arn:aws:x:::web trust`],
  );
});

test.each([
  ['iam-role', 'name in the trust policy of web who may assume it'],
  ['gcp-identity-provider', 'name in a condition of the provider web whose tokens it takes'],
])('what closes the trust of a %s: %s', (type, sentence) => {
  const one = asset('aws:arn:aws:x:::/web', type, {
    privilege: { level: 'none', reasons: ['can be assumed by any GitHub user'] },
  });
  expect(entrySteps([one]).flatMap(({ gates }) => gates.map((gate) => gate.sentence))).toEqual([sentence]);
});

test.each<[string, Partial<ExposureRecord>, number]>([
  ['tcp/22', {}, 1],
  ['tcp/20-30', {}, 1],
  ['every tcp port', {}, 1],
  ['tcp/443', {}, 0],
  ['udp/22', {}, 0],
  ['any', {}, 0],
  ['tcp/22', { auth: 'iam' }, 0],
])('%s of a machine that asks for passwords over SSH is a place to guess one %o', (surface, more, count) => {
  const machine = asset('aws:arn:aws:x:::web', 'azure-vm', {
    exposure: [openWay(surface, more)],
    asksPassword: [22],
  });
  const guesses = entrySteps([machine]).filter(({ rule }) => rule === 'guessed-password');
  expect(guesses).toHaveLength(count);
  for (const guess of guesses)
    expect(guess).toMatchObject({
      from: { capability: 'reach' },
      to: { asset: machine.context.key, capability: 'exec' },
      probability: 0.05,
      technique: 'T1110',
      gates: [{ is: 'setting', id: 'aws:arn:aws:x:::web tcp/22 password' }],
      assumptions: ['Nothing stops whoever tries many passwords.'],
    });
});

test('a web ACL in front halves the likelihood, and says so', () => {
  const [entry] = entrySteps([
    asset('aws:arn:aws:x:::web', 'ec2-instance', {
      exposure: [openWay('tcp/443', { filteredBy: 'shop-acl' })],
    }),
  ]);
  expect(entry).toMatchObject({
    probability: 0.475,
    assumptions: ['The web ACL shop-acl in front blocks half of what is tried.'],
  });
});

test('an entry tells what requests pass on the way, each part once, and no more than anybody looks at', () => {
  const passed = (type: string, surface: string, via: readonly string[], gates: readonly string[]) =>
    entrySteps([asset('aws:arn:aws:x:::web', type, { exposure: [openWay(surface, { via, gates })] })])[0]
      ?.passes;
  const part = (name: string) => ({ id: `network:aws:111111111111 ${name}`, name });
  expect(passed('ec2-instance', 'tcp/443', ['front', 'group'], ['sgr-1', 'front'])).toEqual([
    part('front'),
    part('group'),
    part('sgr-1'),
  ]);
  for (const [type, surface] of [
    ['s3-bucket', 'read'],
    ['sqs-queue', 'sqs:SendMessage'],
  ] as const)
    expect(passed(type, surface, [], ['statement 1'])).toEqual([part('statement 1')]);
  expect(passed('ec2-instance', 'tcp/443', [], [])).toBeUndefined();
  expect(passed('ec2-instance', 'tcp/443', [...'abcdefgh'], [])).toHaveLength(6);
});

test('names from outside are cleaned and cut', () => {
  const hostile = asset(`aws:arn:aws:x:::/${'x'.repeat(200)}\u202e\n`, 'ec2-instance', {
    exposure: [openWay('tcp/443')],
  });
  const [entry] = entrySteps([hostile]);
  expect(entry?.sentence).toBe(`${'x'.repeat(79)}… answers on tcp/443 from any internet address`);
});

test.each([
  ['ec2-instance', openWay('tcp/443')],
  ['ec2-instance', openWay('tcp/2375', { hands: 'exec' })],
  ['s3-bucket', openWay('read')],
  ['rds-instance', openWay('tcp/5432', { auth: 'db-password' })],
  ['sqs-queue', openWay('sqs:SendMessage')],
])('every step from a way into a %s has its evidence, a technique and a gate', (type, way) => {
  const steps = entrySteps([asset('aws:arn:aws:x:::web', type, { exposure: [way] })]);
  expect(steps.length).toBeGreaterThan(0);
  for (const { evidence, technique, gates, rule } of steps) {
    expect(evidence, rule).toEqual(way.evidence);
    expect(technique, rule).toEqual(stepRule(rule).technique);
    expect(technique, rule).toMatch(/^T\d{4}/);
    expect(gates, rule).toHaveLength(1);
  }
});

test('who may send to a queue is there, and who may only look at it is not', () => {
  const steps = (surface: string) =>
    entrySteps([asset('aws:arn:aws:sqs:eu-west-1:1:q', 'sqs-queue', { exposure: [openWay(surface)] })]);
  expect(steps('sqs:SendMessage').map(({ to }) => [to.family, to.capability])).toEqual([['queue', 'write']]);
  expect(steps('sns:Publish')).toHaveLength(1);
  expect(steps('sqs:ReceiveMessage')).toEqual([]);
});

test('a role that trusts outsiders tells by what, and once for everybody whom several sentences let in', () => {
  const own = { sentence: 'A trust policy names everybody.', provenance: 'aws', at: 5 };
  const role = asset('aws:arn:aws:iam::111111111111:role/open', 'iam-role', {
    exposure: [
      openWay('assume', { audience: 'any-aws-account', evidence: [own] }),
      openWay('assume', { audience: 'internet', evidence: [{ ...own, sentence: 'Anybody at all.' }] }),
    ],
    privilege: {
      level: 'P1',
      reasons: ['can be assumed from any AWS account', 'can be assumed from any AWS account with its id'],
    },
    described: { provenance: 'aws-cli', at: 7 },
  });
  expect(entrySteps([role])).toMatchObject([
    {
      rule: 'open-trust',
      sentence: 'open can be assumed from any AWS account',
      evidence: [
        own,
        { sentence: 'open can be assumed from any AWS account.', provenance: 'aws-cli', at: 7 },
      ],
      technique: 'T1199',
    },
  ]);
  expect(entrySteps([{ ...role, described: null }])[0]?.evidence).toEqual([own]);
});

test('an entry says through what requests come, and by what of several rules', () => {
  const [entry] = entrySteps([
    asset('aws:arn:aws:x:::x/web', 'ec2-instance', {
      exposure: [openWay('tcp/443', { via: ['front', 'group'], gates: ['a', 'b', 'c', 'd'] })],
    }),
  ]);
  expect(entry?.sentence).toBe('web answers on tcp/443 from any internet address, through front, group');
  expect(entry?.gates.map(({ sentence }) => sentence)).toEqual([
    'close tcp/443 of web to any internet address (a, b, c)',
  ]);
  const parts = (name: string) =>
    entrySteps([
      asset('aws:arn:aws:x:::x/web', 'ec2-instance', {
        exposure: [openWay('tcp/443', { via: [name], gates: [] })],
      }),
    ])[0]?.passes?.map((each) => each.name);
  expect(parts('arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front')).toEqual(['front']);
  expect(parts('shop/front')).toEqual(['shop/front']);
  expect(parts('gcp://run.googleapis.com/projects/p/services/front#iam-policy')).toEqual([
    'front (IAM policy)',
  ]);
  const [named] = entrySteps([
    asset('aws:arn:aws:x:::x/web', 'ec2-instance', {
      exposure: [
        openWay('tcp/443', { gates: ['aws:arn:aws:x:::x/web', 'gcp://run/services/web#iam-policy'] }),
      ],
    }),
  ]);
  expect(named?.gates[0]?.sentence).toBe('close tcp/443 of web to any internet address (web (IAM policy))');
  // What is its own way in does not stand before itself.
  expect(parts('aws:arn:aws:x:::x/web')).toBeUndefined();
});

test('software that runs code for whoever reaches it does so for certain, and is called what it is', () => {
  const control = (name: string) =>
    entrySteps([
      asset(`k8s:c/${name}`, 'workload', { exposure: [openWay('tcp/8080', { hands: 'exec' })] }),
    ]).find(({ rule }) => rule === 'open-control-port');
  expect(control('jenkins')).toMatchObject({ kind: 'ci-server', probability: 0.95 });
  expect(control('shop')).not.toHaveProperty('kind');
});

test.each<[string, string, string, string, boolean]>([
  ['a rule of a security group', 'aws:1', 'ec2-instance', 'sg-1 ingress tcp/443 0.0.0.0/0 (sgr-1)', true],
  ['a rule of a group that is named', 'aws:1', 'rds-instance', 'sg-1 ingress tcp/5432 from a group', true],
  ['an entry of a network ACL', 'aws:1', 'ec2-instance', 'acl-1 ingress entry 100', true],
  ['a listener', 'aws:1', 'ec2-instance', 'front listener tcp/443', true],
  ['a behaviour', 'aws:1', 'ec2-instance', 'E1 behaviour /*', true],
  ['a statement without a name', 'aws:1', 's3-bucket', 'statement 1', false],
  ['a statement of a common name', 'aws:1', 'lambda-function', 'FunctionURLAllowPublicAccess', false],
  ['a setting', 'aws:1', 's3-bucket', 'ACL READ to AllUsers', false],
  ['a binding of Google Cloud', 'gcp:p', 'gcp-bucket', 'gcp:policy', true],
  ['a front of a cluster', 'k8s:c', 'workload', 'shop: tcp/443 to web', true],
])('%s of two things is one gate only where both mean the same', (_what, estate, type, gate, isOne) => {
  const two = ['one', 'two'].map((name) =>
    asset(`aws:arn:aws:x:::x/${name}`, type, {
      estate,
      exposure: [
        openWay(['s3-bucket', 'gcp-bucket'].includes(type) ? 'read' : 'tcp/443', {
          gates: [gate],
          ...(type === 'rds-instance' ? { auth: 'db-password' } : {}),
        }),
      ],
    }),
  );
  const ids = new Set(entrySteps(two).flatMap(({ gates }) => gates.map(({ id }) => id)));
  expect(entrySteps(two)).toHaveLength(2);
  expect(ids.size).toBe(isOne ? 1 : 2);
});

test.each([
  ['tcp/443', 'close tcp/443 of web to any internet address'],
  ['read', 'close reading of web to any internet address'],
  ['read of new objects', 'close reading of new objects of web to any internet address'],
  ['any', 'close all ports of web to any internet address'],
  ['any through front', 'close all ports through front of web to any internet address'],
  ['copy.example.com/', 'close copy.example.com/ of web to any internet address'],
])('what closes %s is said in words', (surface, sentence) => {
  const { gates: _, ...record } = openWay(GATE);
  const { sentence: said } = wayInGate(
    asset('web', 's3-bucket'),
    'web',
    { ...record, gates: [], surface },
    'internet',
  );
  expect(said).toBe(sentence);
});
