import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { type Asked, answer, OTHER, ROLE, ROOT, USER, when } from './decide.asked.test-sample.ts';
import { allow, deny } from './iam-principal.test-sample.ts';

describe('what is told with an answer', () => {
  const named = (Sid: string, statement: JsonObject): JsonObject => ({ ...statement, Sid });
  const from = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8');
  const unknown = when('StringEquals', 'x:y', 'z');
  const everything = named('all', allow('*'));
  const onPath = (effect: typeof allow) =>
    effect('*', { Resource: `arn:aws:s3:::logs/\${aws:SourceIdentity}/*` });

  test.each<readonly [string, Asked, object]>([
    [
      'an Allow: the statements that apply',
      { identity: [named('one', allow('s3:*')), named('two', allow('ec2:*')), everything] },
      { is: 'allow', by: ['one', 'all'] },
    ],
    [
      'of the resource too',
      {
        identity: [everything],
        resourcePolicy: [
          named('bucket', { ...allow('*'), Principal: '*' }),
          named('others', { ...allow('*'), Principal: { AWS: OTHER } }),
          named('not', { ...deny('*', when('StringEquals', 'aws:username', 'bob')), Principal: '*' }),
        ],
      },
      { is: 'allow', by: ['all', 'bucket'] },
    ],
    [
      'those that apply most certainly',
      { identity: [named('from', allow('s3:*', from)), everything] },
      { is: 'allow', by: ['all'] },
    ],
    [
      'a Deny: the statements that deny',
      {
        identity: [
          everything,
          named('no', deny('s3:*')),
          named('nor', deny('s3:*', from)),
          named('never', deny('ec2:*')),
        ],
      },
      { is: 'deny', by: ['no'] },
    ],
    ['nothing that allows', {}, { is: 'deny', by: [] }],
    [
      'a condition of an Allow',
      { identity: [named('from', allow('s3:*', from))] },
      {
        is: 'conditional',
        by: ['from'],
        residue: [{ statement: 'from', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition that nobody knows',
      { identity: [named('x', allow('s3:*', unknown))] },
      { is: 'conditional', by: ['x'], residue: [{ statement: 'x', key: 'x:y', is: 'undecided' }] },
    ],
    [
      'a condition of a Deny',
      { identity: [everything, named('no', deny('*', from))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'no', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of the policy in another account, beside an Allow without any',
      {
        identity: [everything],
        account: OTHER,
        resourcePolicy: [{ ...named('there', allow('s3:*', from)), Principal: { AWS: USER.arn } }],
      },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'there', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of the boundary',
      { identity: [everything], boundary: [named('cap', allow('s3:*', from))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'cap', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a control policy',
      { identity: [everything], controls: [[named('guard', allow('s3:*', from))]] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'guard', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'no condition of a Deny that is about somebody else',
      {
        identity: [
          named('from', allow('s3:*', from)),
          named('no', deny('*', { Condition: { StringEquals: { 'aws:username': 'bob', 'x:y': 'z' } } })),
        ],
      },
      {
        is: 'conditional',
        by: ['from'],
        residue: [{ statement: 'from', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a key that names the caller, beside one for its account',
      {
        caller: ROLE,
        action: 'kms:Decrypt',
        resourcePolicy: [
          { ...named('key', allow('kms:*', from)), Principal: { AWS: ROLE.arn } },
          { ...named('root', allow('kms:*', unknown)), Principal: { AWS: ROOT } },
        ],
      },
      {
        is: 'conditional',
        by: ['key'],
        residue: [{ statement: 'key', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a key that names the caller, which needs nothing of its own',
      {
        action: 'kms:Decrypt',
        identity: [named('own', allow('kms:*', from))],
        resourcePolicy: [
          { ...named('key', allow('kms:*', from)), Principal: { AWS: USER.arn } },
          { ...named('root', allow('kms:*')), Principal: { AWS: ROOT } },
        ],
      },
      {
        is: 'conditional',
        by: ['root'],
        residue: [{ statement: 'key', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a grant of a key in another account',
      {
        action: 'kms:Decrypt',
        account: OTHER,
        resourcePolicy: [],
        grants: [{ ...named('granted', allow('kms:*')), Principal: { AWS: USER.arn } }],
      },
      { is: 'allow', by: ['granted'] },
    ],
    [
      'a grant of a key, and what denies it somewhere',
      {
        action: 'kms:Decrypt',
        identity: [named('x', allow('kms:*', unknown)), named('no', deny('*', from))],
        resourcePolicy: 'undescribed',
        grants: [{ ...named('granted', allow('kms:*')), Principal: { AWS: USER.arn } }],
      },
      {
        is: 'conditional',
        by: ['granted'],
        residue: [{ statement: 'no', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a variable that nobody knows',
      { identity: [named('path', onPath(allow))] },
      {
        is: 'conditional',
        by: ['path'],
        residue: [{ statement: 'path', key: 'a variable in its resources', is: 'undecided' }],
      },
    ],
    [
      'a variable of a Deny',
      { identity: [everything, named('path', onPath(deny))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'path', key: 'a variable in its resources', is: 'undecided' }],
      },
    ],
    [
      'a Deny that may not spare the caller',
      {
        identity: [everything],
        resourcePolicy: [named('others', { ...deny('*'), NotPrincipal: { AWS: USER.arn } })],
      },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'others', key: 'the principals that it spares', is: 'undecided' }],
      },
    ],
    [
      'what was not described',
      { identity: [everything], missing: ['the boundary'] },
      { is: 'unknown', by: ['all'], missing: ['the boundary'] },
    ],
    [
      'what was not described, where it is denied anyway',
      { identity: [everything, named('no', deny('*'))], missing: ['the boundary'] },
      { is: 'deny', by: ['no'] },
    ],
    [
      'a policy of another account that was not described',
      { identity: [everything], account: OTHER, resourcePolicy: 'undescribed' },
      { is: 'unknown', by: ['all'], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a policy of its own account that was not described',
      { identity: [everything], resourcePolicy: 'undescribed' },
      { is: 'allow', by: ['all'] },
    ],
    [
      'a policy of its own account that was not described, where nothing else allows',
      { resourcePolicy: 'undescribed' },
      { is: 'unknown', by: [], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a key of its own account that was not described',
      { identity: [everything], action: 'kms:Decrypt', resourcePolicy: 'undescribed' },
      { is: 'unknown', by: ['all'], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a bucket of another account without a policy',
      { identity: [everything], account: OTHER },
      { is: 'deny', by: [] },
    ],
  ])('%s', (_, asked, expected) => {
    // Before the name of a statement stands the hash of its document.
    expect(JSON.parse(JSON.stringify(answer(asked)).replace(/\b[0-9a-f]{16}#/g, ''))).toEqual(expected);
  });
});
