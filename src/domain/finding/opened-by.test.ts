import { expect, test } from 'vitest';
import type { FindingObservation } from './observation.ts';
import { accessKeyName, applicationName, openedBy } from './opened-by.ts';

type Asked = Pick<FindingObservation, 'place' | 'subject' | 'opens'>;

const CHECK = { is: 'check', tool: 'scanner', check: 'rule' } as const;
const secret = (value: string, opens?: readonly string[]): Asked => ({
  subject: CHECK,
  place: { is: 'secret', path: 'x', value },
  opens,
});
const code = (flaggedText: string | undefined, cwes?: readonly number[]): Asked => ({
  subject: { ...CHECK, ...(cwes === undefined ? {} : { cwes }) },
  place: { is: 'code', path: 'x', flaggedText },
});

test.each<[string, Asked, readonly string[]]>([
  ['an id of a key', secret('AKIAIOSFODNN7EXAMPLE'), [accessKeyName('AKIAIOSFODNN7EXAMPLE')]],
  [
    'an id with its key',
    secret('AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7'),
    [accessKeyName('AKIAIOSFODNN7EXAMPLE')],
  ],
  ['a longer word', secret('XAKIAIOSFODNN7EXAMPLE'), []],
  [
    'a login of a database',
    secret('postgres://shop:s3cr3t@DB-1.abc.eu-west-1.rds.amazonaws.com:5432/shop'),
    ['host:db-1.abc.eu-west-1.rds.amazonaws.com'],
  ],
  [
    'a signed address of storage',
    secret(
      'https://Files1.blob.core.windows.net/models?sv=2022&sp=rl&se=2030-01-02T03%3A04%3A05Z&sig=abc%3D',
    ),
    ['azure-storage:files1/models until 2030-01-02T03:04:05.000Z'],
  ],
  [
    'one without an end',
    secret('x https://files1.dfs.core.windows.net/Raw/a.csv?sp=racwdl&sig=abc'),
    ['azure-storage:files1/raw'],
  ],
  [
    'one of a whole account',
    secret('https://files1.blob.core.windows.net/?ss=b&srt=sco&sp=rl&sig=abc'),
    ['azure-storage:files1'],
  ],
  ['one that lets write alone', secret('https://files1.blob.core.windows.net/m?sp=cw&sig=abc'), []],
  ['an address of storage that is not signed', secret('https://files1.blob.core.windows.net/m?sp=r'), []],
  [
    'an application of Entra ID with its secret',
    secret('{"clientId": "DDDDDDDD-0000-0000-0000-000000000012", "clientSecret": "x8Q~s3cr3t"}'),
    [applicationName('dddddddd-0000-0000-0000-000000000012')],
  ],
  [
    'one as a pipeline is told',
    secret('ARM_CLIENT_ID=dddddddd-0000-0000-0000-000000000012 ARM_CLIENT_SECRET=x8Q~s3cr3t'),
    [applicationName('dddddddd-0000-0000-0000-000000000012')],
  ],
  ['an id of something else', secret('tenantId: dddddddd-0000-0000-0000-000000000012'), []],
  ['an address without a login', secret('https://db-1.example.com/'), []],
  ['a login without a password', secret('https://somebody@db-1.example.com/'), []],
  [
    'what the tool was told',
    secret('x', ['arn:aws:iam::111111111111:user/ci']),
    ['arn:aws:iam::111111111111:user/ci'],
  ],
  ['what is no name of AWS', secret('x', ['root', 'arn:aws']), []],
  ['no secret', { subject: CHECK, place: { is: 'none' } }, []],
  [
    'a password in code',
    code('connect("postgres://shop:s3cr3t@db-1.example.com/shop")', [259]),
    ['host:db-1.example.com'],
  ],
  [
    'a credential in code',
    code('key = "AKIAIOSFODNN7EXAMPLE"', [20, 798]),
    [accessKeyName('AKIAIOSFODNN7EXAMPLE')],
  ],
  [
    'a key in code',
    code('client_id: dddddddd-0000-0000-0000-000000000012', [321]),
    [applicationName('dddddddd-0000-0000-0000-000000000012')],
  ],
  ['one that names nothing', code('password = "s3cr3t"', [798]), []],
  ['one of which nothing is shown', code(undefined, [798]), []],
  ['another flaw of code', code('key = "AKIAIOSFODNN7EXAMPLE"', [78]), []],
  ['code of no flaw that is told', code('key = "AKIAIOSFODNN7EXAMPLE"'), []],
])('%s', (_what, observation, expected) => {
  expect(openedBy(observation)).toEqual(expected);
});

test('many keys and long values are cut', () => {
  const keys = Array.from({ length: 50 }, (_, at) => `AKIA${String(at).padStart(16, '0')}`).join(' ');
  expect(openedBy(secret(keys))).toHaveLength(10);
  expect(openedBy(secret(`${'x'.repeat(5_000)} AKIAIOSFODNN7EXAMPLE`))).toEqual([]);
});

test('nothing of the value is told', () => {
  expect(openedBy(secret('https://a12.blob.core.windows.net/m?sp=r&sig=Zm9v')).join(' ')).not.toMatch(/Zm9v/);
  const told = openedBy(
    secret(
      'postgres://shop:s3cr3t@db:5432/ AKIAIOSFODNN7EXAMPLE client_id=dddddddd-0000-0000-0000-000000000012',
    ),
  ).join(' ');
  expect(told).not.toMatch(/s3cr3t|AKIA|dddddddd/);
});
