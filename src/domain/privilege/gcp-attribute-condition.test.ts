import { expect, test } from 'vitest';
import { admitsStrangers } from './gcp-attribute-condition.ts';

const MAPPING = [
  'google.subject=assertion.sub',
  'attribute.repository=assertion.repository',
  'attribute.odd=assertion.repository.lowerAscii()',
];

test.each([
  // An owner.
  [`assertion.repository_owner == 'acme'`, 'no'],
  [`assertion.repository == "acme/shop"`, 'no'],
  [`attribute.repository == 'acme/shop'`, 'no'],
  [`assertion.repository_owner_id == '123'`, 'no'],
  [`assertion.repository_owner in ['acme', 'acme-labs']`, 'no'],
  [`assertion.repository.startsWith('acme/')`, 'no'],
  [`assertion.sub == 'repo:acme/shop:ref:refs/heads/main'`, 'no'],
  [`google.subject.startsWith('repo:acme/')`, 'no'],
  [`assertion.sub in ['repo:acme/shop:ref:refs/heads/main']`, 'no'],
  [`assertion.namespace_path == 'acme'`, 'no'],
  [`assertion.sub.startsWith('project_path:acme/shop:')`, 'no'],
  [`assertion.sub.startsWith('organization:acme:project:')`, 'no'],
  [`assertion.terraform_organization_name == 'acme'`, 'no'],
  [`assertion.hd == 'acme.example'`, 'no'],
  [`assertion.ref == 'refs/heads/main' && assertion.repository_owner == 'acme'`, 'no'],
  ['false', 'no'],
  // What anybody's token has.
  ['true', 'yes'],
  [`assertion.ref == 'refs/heads/main'`, 'yes'],
  [`assertion.event_name in ['push', 'workflow_dispatch']`, 'yes'],
  [`assertion.environment == 'production'`, 'yes'],
  [`assertion.iss == 'https://token.actions.githubusercontent.com'`, 'yes'],
  [`assertion.repository_owner != 'evil'`, 'yes'],
  [`assertion.sub != ''`, 'yes'],
  [`!(assertion.repository == 'acme/shop')`, 'yes'],
  [`assertion.repository.startsWith('acme')`, 'yes'],
  [`assertion.repository_owner.startsWith('acme')`, 'yes'],
  [`assertion.repository.endsWith('/shop')`, 'yes'],
  [`assertion.repository.contains('acme/')`, 'yes'],
  [`assertion.sub.startsWith('repo:')`, 'yes'],
  [`assertion.sub.startsWith('repo:acme')`, 'yes'],
  [`assertion.sub.endsWith(':ref:refs/heads/main')`, 'yes'],
  [`assertion.job_workflow_ref == 'acme/flows/.github/workflows/x.yml@refs/heads/main'`, 'yes'],
  [`assertion.repository_owner == 'acme' || assertion.ref == 'refs/heads/main'`, 'yes'],
  // What cannot be read.
  [`assertion.repository.matches('^acme/.*$')`, 'unknown'],
  [`attribute.odd == 'acme/shop'`, 'unknown'],
  [`attribute.unmapped == 'acme'`, 'unknown'],
  [`assertion.sub == 'abc'`, 'unknown'],
  [`assertion.made_up == 'x'`, 'unknown'],
  [`assertion.made_up != 'x'`, 'unknown'],
  [`assertion.made_up.endsWith('x')`, 'unknown'],
  [`assertion.sub in ['repo:acme/shop:x', 'abc']`, 'unknown'],
])('%s: %s', (condition, expected) => {
  expect(admitsStrangers(condition, MAPPING)).toBe(expected);
});
