import { expect, test } from 'vitest';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { asset, openWay } from './attack-path.test-sample.ts';
import { credentialSteps } from './credential-steps.ts';
import { findingGate } from './gate.ts';
import { joinedWorkloads } from './joined-workload.ts';
import type { Credential } from './path-facts.ts';
import { stateKey } from './state.ts';

const MACHINE = 'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-1';
const KEY: Credential = {
  gate: findingGate('secret', 'issue', 'revoke it'),
  name: 'SSH key',
  kind: 'repository',
  place: { key: 'repo:github.com/acme/shop', kind: 'repository', name: 'acme/shop' },
  isLeaked: true,
  isManaged: false,
  on: [],
  opens: [MACHINE],
  probability: 1,
  evidence: [],
};

const stepsTo = (way: string, more: Partial<ExposureRecord> = {}) =>
  credentialSteps(
    [KEY],
    new Map([[MACHINE, asset(MACHINE, 'ec2-instance', { exposure: [openWay(way, more)] })]]),
  );

test.each<[string, string, Partial<ExposureRecord>, boolean]>([
  ['where it answers for logins', 'tcp/22', {}, true],
  ['for desktops', 'tcp/3389', {}, true],
  ['where it answers for nothing of the kind', 'tcp/443', {}, false],
  ['while it is stopped', 'tcp/22', { isDormant: true }, false],
  ['where it may be open', 'tcp/22', { verdict: 'unknown' }, false],
  ['where only partners get to', 'tcp/22', { audience: 'partner' }, false],
])('a login of a machine opens it %s', (_what, way, more, isOpen) => {
  expect(stepsTo(way, more).some(({ to }) => to.asset === MACHINE)).toBe(isOpen);
});

const told = (credential: Partial<Credential>, assets = new Map()) =>
  credentialSteps([{ ...KEY, isLeaked: false, ...credential }], assets).map(
    ({ rule, from, to }) => `${stateKey(from)}: ${rule} ${stateKey(to)}`,
  );

const USER = 'aws:arn:aws:iam::111111111111:user/ci';
const BUCKET = { key: 'aws:arn:aws:s3:::notes', kind: 'cloud', name: 'notes' } as const;
const IMAGE = { key: 'image:shop', kind: 'image', name: 'shop' } as const;

test.each<[string, Partial<Credential>, readonly string[]]>([
  ['read repo:github.com/acme/shop', {}, ['found-credential']],
  ['reach internet', { isLeaked: true }, ['leaked-credential', 'found-credential']],
  ['exec web', { place: IMAGE, on: ['web'] }, ['found-credential']],
  [`read ${BUCKET.key}`, { place: BUCKET, isManaged: true }, ['managed-credential', 'managed-credential']],
  ['', { place: IMAGE }, []],
])('from %s a key of a user is used by the rule of what keeps it', (from, credential, rules) => {
  const found = told({ opens: [USER], ...credential });
  expect(found.map((each) => each.split(': ')[1]?.split(' ')[0])).toEqual(rules);
  if (from !== '') expect(found.map((each) => each.split(': ')[0])).toContain(from);
});

const datastore = (key: string, type: string) =>
  new Map([[key, asset(key, type, { exposure: [openWay('tcp/5432', { auth: 'db-password' })] })]]);

test.each<[string, string, ReturnType<typeof datastore>, string]>([
  ['a principal of Entra', 'azure:entra:app', new Map(), 'found-credential use'],
  ['a service of others', 'saas:stripe', new Map(), 'found-credential read'],
  [
    'a store of data',
    'aws:arn:aws:s3:::exports',
    datastore('aws:arn:aws:s3:::exports', 's3-bucket'),
    'found-credential read',
  ],
  [
    'a database',
    'aws:arn:aws:rds:eu-west-1:1:db:shop',
    datastore('aws:arn:aws:rds:eu-west-1:1:db:shop', 'rds-instance'),
    'database-login read',
  ],
  [
    'a warehouse',
    'aws:arn:aws:redshift:eu-west-1:1:cluster:shop',
    datastore('aws:arn:aws:redshift:eu-west-1:1:cluster:shop', 'redshift-cluster'),
    'database-login read',
  ],
  [
    'a machine',
    MACHINE,
    new Map([[MACHINE, asset(MACHINE, 'ec2-instance', { exposure: [openWay('tcp/22')] })]]),
    'remote-login exec',
  ],
  ['nothing that anybody described', MACHINE, new Map(), ''],
  ['something that holds nothing', USER.replace('iam', 'sns'), datastore(USER, 'sns-topic'), ''],
])('it opens %s', (_what, key, assets, expected) => {
  const steps = credentialSteps([{ ...KEY, isLeaked: false, opens: [key] }], assets);
  expect(steps.map(({ rule, to }) => `${rule} ${to.capability}`)).toEqual(expected === '' ? [] : [expected]);
  for (const { technique } of steps) expect(technique).toMatch(/^T/);
});

test.each<[number, boolean, number]>([
  [0.3, false, 0.3],
  [0.6, false, 0.6],
  [1, false, 1],
  [0.3, true, 0.3],
  [1, true, 0.95],
])('what works with likelihood %d is no likelier by its rule', (probability, isManaged, expected) => {
  const [step] = credentialSteps([{ ...KEY, opens: [USER], probability, isManaged }], new Map());
  expect(step?.probability).toBe(expected);
});

test('a login over the network needs the login and the way, and tells both', () => {
  const lies = { sentence: 'It lies there.', provenance: 'gitleaks', at: 1 };
  const [step] = credentialSteps(
    [{ ...KEY, evidence: [lies] }],
    new Map([[MACHINE, asset(MACHINE, 'ec2-instance', { exposure: [openWay('tcp/22')] })]]),
  );
  expect(step).toMatchObject({
    rule: 'leaked-credential',
    technique: 'T1078.004',
    evidence: [lies, { sentence: 'tcp/22 is open.' }],
    gates: [{ id: 'secret' }, { id: 'aws:111111111111 sgr-1' }],
  });
});

test('one that is assumed to lie on a workload says so, and nowhere else', () => {
  const assumed = 'Assumed join: image tag registry.example.com/shop:1.0, no digest.';
  const steps = credentialSteps(
    [
      {
        ...KEY,
        ...joinedWorkloads([
          { key: 'web', assumed },
          { key: 'api', assumed: null },
        ]),
        isLeaked: false,
        opens: [USER],
      },
    ],
    new Map(),
  );
  expect(steps.map(({ from, assumptions }) => [from.asset, assumptions])).toEqual([
    ['web', [assumed]],
    ['api', []],
    [KEY.place.key, []],
  ]);
});
