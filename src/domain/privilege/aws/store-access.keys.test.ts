import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { ACCOUNT, allow, document, iam, listing, resource, SEEN, user } from './iam-principal.test-sample.ts';

/** What user u of account 111111111111 reads of a store that its policy opens to u, by the key that encrypts it. */
const OTHER = '222222222222';
const WHO = { AWS: iam('user', 'u') };
const tags = { 'data-classification': 'restricted' };
const KEY = `arn:aws:kms:eu-west-1:${OTHER}:key/k`;
const OWN_KEY = KEY.replace(OTHER, ACCOUNT);

const key = (facts: JsonObject, arn = KEY): EstateResource =>
  resource('kms-key', arn, { KeyId: 'k', ...facts }, { account: arn.split(':')[4] as string });
const decryptable = (...principals: readonly string[]): JsonObject => ({
  Policy: document(allow('kms:Decrypt', { Principal: { AWS: [...principals] } })),
});
const KEY_LEFT_TO_IAM = {
  Policy: document(allow('kms:*', { Principal: { AWS: `arn:aws:iam::${OTHER}:root` } })),
};

interface Kept {
  readonly name: string;
  readonly read: string;
  readonly service: string;
  readonly resource: string;
  readonly store: (encryption: { readonly key: string } | null, account: string) => EstateResource;
}

const SECRET: Kept = {
  name: 'a secret',
  read: 'secretsmanager:GetSecretValue',
  service: 'secretsmanager',
  resource: `arn:aws:secretsmanager:eu-west-1:${OTHER}:secret:s`,
  store: (encryption, account) => {
    const arn = `arn:aws:secretsmanager:eu-west-1:${account}:secret:s`;
    const facts = {
      Name: 's',
      Policy: document(allow('secretsmanager:GetSecretValue', { Principal: WHO })),
      ...(encryption === null ? {} : { KmsKeyId: encryption.key }),
    };
    return resource('secret', arn, facts, { tags, account });
  },
};
const BUCKET: Kept = {
  name: 'a bucket',
  read: 's3:GetObject',
  service: 's3',
  resource: 'arn:aws:s3:::s/*',
  store: (encryption, account) => {
    const facts = {
      Name: 's',
      Policy: document(allow('s3:GetObject', { Principal: WHO, Resource: 'arn:aws:s3:::s/*' })),
      ...(encryption === null ? {} : { DefaultEncryption: 'aws:kms', EncryptionKey: encryption.key }),
    };
    return resource('s3-bucket', 'arn:aws:s3:::s', facts, { tags, account });
  },
};

const TABLE: Kept = {
  name: 'a table',
  read: 'dynamodb:Scan',
  service: 'dynamodb',
  resource: `arn:aws:dynamodb:eu-west-1:${OTHER}:table/s`,
  store: (encryption, account) => {
    const arn = `arn:aws:dynamodb:eu-west-1:${account}:table/s`;
    const facts = {
      Name: 's',
      Policy: document(allow('dynamodb:Scan', { Principal: WHO })),
      ...(encryption === null ? {} : { SSEDescription: { SSEType: 'KMS', KMSMasterKeyArn: encryption.key } }),
    };
    return resource('dynamodb-table', arn, facts, { tags, account });
  },
};

function judged(...resources: readonly EstateResource[]): readonly unknown[] {
  const listed = [listing('iam-role'), listing('iam-role', OTHER)];
  const found = new AwsPrivileges([...listed, ...resources], SEEN).byArn().get(iam('user', 'u'));
  return found?.level === 'unknown'
    ? ['unknown', ...found.missing]
    : [found?.level, ...(found?.reasons ?? [])];
}

const FOREIGN = ['P3', `may read s of account ${OTHER}, which is tagged as sensitive`];
const OWN = ['P3', 'may read s, which is tagged as sensitive'];
const NONE = ['none'];

describe.each([SECRET, BUCKET, TABLE])('$name of another account that lets somebody in', (kept) => {
  const who = (...actions: readonly string[]): EstateResource =>
    user('u', [
      allow(kept.read, { Resource: kept.resource }),
      ...actions.map((action) => allow(action, { Resource: KEY })),
    ]);

  test.each<[string, readonly unknown[], JsonObject, readonly string[]]>([
    ['is read where the key names it too', FOREIGN, decryptable(iam('user', 'u')), ['kms:Decrypt']],
    ['or its account', FOREIGN, decryptable(ACCOUNT), ['kms:Decrypt']],
    ['not without a right of its own to decrypt', NONE, decryptable(ACCOUNT), []],
    ['not where the key is left to its own account', NONE, KEY_LEFT_TO_IAM, ['kms:Decrypt']],
    [
      'not where the key is one of AWS',
      NONE,
      { ...decryptable(ACCOUNT), KeyManager: 'AWS' },
      ['kms:Decrypt'],
    ],
    [
      'is unknown while the policy of the key is',
      ['unknown', 'the policy of k: aws kms get-key-policy --key-id k > kms-get-key-policy-k.json 2>&1'],
      {},
      ['kms:Decrypt'],
    ],
    [
      'is read where the key was granted',
      FOREIGN,
      { Grants: [{ GranteePrincipal: iam('user', 'u'), Operations: ['Decrypt'] }] },
      [],
    ],
  ])('%s', (_, expected, facts, actions) => {
    expect(judged(who(...actions), kept.store({ key: KEY }, OTHER), key(facts))).toEqual(expected);
  });

  test('is found by the id of its key', () => {
    const store = kept.store({ key: 'k' }, OTHER);
    expect(judged(who('kms:Decrypt'), store, key(decryptable(ACCOUNT)))).toEqual(FOREIGN);
    expect(judged(who('kms:Decrypt'), store, key(KEY_LEFT_TO_IAM))).toEqual(NONE);
  });

  test('is unknown while nobody described its key, whoever owns that', () => {
    const command = 'aws kms get-key-policy --key-id k > kms-get-key-policy-k.json 2>&1';
    for (const name of [KEY, 'k'])
      expect(judged(who('kms:Decrypt'), kept.store({ key: name }, OTHER))).toEqual([
        'unknown',
        `the policy of the key ${name}: ${command}`,
      ]);
    expect(judged(who(), kept.store({ key: OWN_KEY }, OTHER))).toEqual(FOREIGN);
  });

  test('is closed by the key that AWS keeps for its account', () => {
    for (const name of [
      `alias/aws/${kept.service}`,
      `arn:aws:kms:eu-west-1:${OTHER}:alias/aws/${kept.service}`,
    ]) {
      expect(judged(who('kms:Decrypt'), kept.store({ key: name }, OTHER))).toEqual(NONE);
      expect(judged(who(), kept.store({ key: name }, ACCOUNT))).toEqual(OWN);
    }
  });

  test('in its own account the key has a say where somebody described its policy', () => {
    const store = kept.store({ key: OWN_KEY }, ACCOUNT);
    const own = (facts: JsonObject): readonly unknown[] => judged(who(), store, key(facts, OWN_KEY));
    expect(own({})).toEqual(OWN);
    expect(own(decryptable(iam('user', 'u')))).toEqual(OWN);
    expect(own(decryptable(iam('user', 'v')))).toEqual(NONE);
    expect(own({ ...decryptable(iam('user', 'v')), KeyManager: 'AWS' })).toEqual(OWN);
    expect(judged(who(), store)).toEqual(OWN);
    // The key of another account may not let it in.
    expect(judged(who(), kept.store({ key: KEY }, ACCOUNT))[0]).toBe('unknown');
    expect(judged(who('kms:Decrypt'), kept.store({ key: KEY }, ACCOUNT), key(decryptable(ACCOUNT)))).toEqual(
      OWN,
    );
  });
});

test('a secret of another account of which nobody told the key is unknown, with what tells it; a bucket is read', () => {
  const reads = ({ read, resource: on }: Kept): EstateResource => user('u', [allow(read, { Resource: on })]);
  expect(judged(reads(SECRET), SECRET.store(null, OTHER))).toEqual([
    'unknown',
    `the key of s: aws secretsmanager list-secrets of account ${OTHER}`,
  ]);
  expect(judged(reads(SECRET), SECRET.store(null, ACCOUNT))).toEqual(OWN);
  expect(judged(reads(BUCKET), BUCKET.store(null, OTHER))).toEqual(FOREIGN);
});

test('a table of another account is unknown until somebody described it; one that says nothing of a key has one that AWS owns', () => {
  const reads = user('u', [allow(TABLE.read, { Resource: TABLE.resource })]);
  const table = (account: string, facts: JsonObject): EstateResource => {
    const plain = TABLE.store(null, account);
    return { ...plain, facts: { ...plain.facts, ...facts } };
  };
  expect(judged(reads, table(OTHER, {}))).toEqual([
    'unknown',
    'the key of s: aws dynamodb describe-table --table-name s',
  ]);
  expect(judged(reads, table(ACCOUNT, {}))).toEqual(OWN);
  expect(judged(reads, table(OTHER, { TableStatus: 'ACTIVE' }))).toEqual(FOREIGN);
  expect(judged(reads, table(OTHER, { SSEDescription: { SSEType: 'DEFAULT' } }))).toEqual(FOREIGN);
});

test('a bucket whose key is not named has the one that AWS keeps, one that is not encrypted by KMS has none', () => {
  const reads = user('u', [allow(BUCKET.read, { Resource: BUCKET.resource })]);
  const encrypted = (DefaultEncryption: string): EstateResource => {
    const plain = BUCKET.store(null, OTHER);
    return { ...plain, facts: { ...plain.facts, DefaultEncryption } };
  };
  expect(judged(reads, encrypted('aws:kms'))).toEqual(NONE);
  expect(judged(reads, encrypted('aws:kms:dsse'))).toEqual(NONE);
  expect(judged(reads, encrypted('AES256'))).toEqual(FOREIGN);
});

test.each([SECRET, BUCKET, TABLE])(
  'two of one class are told apart by whom the key of $name names',
  (kept) => {
    const plain = kept.store({ key: OWN_KEY }, ACCOUNT);
    const silent = { ...plain, facts: { ...plain.facts, Policy: document() } };
    const on = kept.resource.replace(OTHER, ACCOUNT);
    const users = ['a', 'b'].map((name) => user(name, [allow(kept.read, { Resource: on })]));
    const all = new AwsPrivileges(
      [listing('iam-role'), ...users, silent, key(decryptable(iam('user', 'a')), OWN_KEY)],
      SEEN,
    ).byArn();
    expect(['a', 'b'].map((name) => all.get(iam('user', name))?.level)).toEqual(['P3', 'none']);
  },
);
