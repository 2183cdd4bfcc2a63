import { describe, expect, it } from 'vitest';
import {
  binding,
  firewall,
  gcp,
  iamPolicy,
  instance,
  NET,
  ORGANIZATION_NAME,
  orgPolicy,
  verdictOn,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Every row of the reference product's own table (reference-behaviour §3.2, GCP); *differs* on purpose, see the table of defaults. */
describe('the reference product’s table for Google Cloud', () => {
  const DATASET = '//bigquery.googleapis.com/projects/p/datasets/d';
  const dataset = (role: string, member: string) => [
    iamPolicy(DATASET, binding(role, member)),
    gcp('gcp-dataset', DATASET),
  ];
  const BUCKET = '//storage.googleapis.com/b';
  const bucket = (role: string, member: string, publicAccessPrevention = 'inherited') => [
    orgPolicy(ORGANIZATION_NAME, 'other', { enforced: false }),
    iamPolicy(BUCKET, binding(role, member)),
    gcp('gcp-bucket', BUCKET, { iamConfiguration: { publicAccessPrevention } }),
  ];
  const DATA = [
    'viewer',
    'editor',
    'owner',
    ...['admin', 'dataOwner', 'dataEditor', 'dataViewer'].map((role) => `bigquery.${role}`),
  ];
  const STORAGE = ['admin', 'objectAdmin', 'objectViewer', 'legacyObjectReader', 'legacyBucketReader'];
  it.each<[string, 'yes' | 'no' | 'unknown', readonly EstateResource[]]>([
    ['a rule for TCP from everywhere', 'yes', [firewall('f')]],
    ['a rule from ::/0', 'yes', [firewall('f', { sourceRanges: ['::/0'] })]],
    ['a rule for all protocols', 'yes', [firewall('f', { allowed: [{ IPProtocol: 'all' }] })]],
    ['a rule for what leaves', 'no', [firewall('f', { direction: 'EGRESS' })]],
    ['a rule for an office', 'no', [firewall('f', { sourceRanges: ['20.1.2.3/32'] })]],
    ['differs: a rule for UDP', 'yes', [firewall('f', { allowed: [{ IPProtocol: 'udp' }] })]],
    ['an instance by a rule for the network', 'yes', [NET, firewall('f'), instance()]],
    ['an instance by a rule for its tag', 'yes', [NET, firewall('f', { targetTags: ['web'] }), instance()]],
    [
      'an instance by a rule for its service account',
      'yes',
      [NET, firewall('f', { targetServiceAccounts: ['sa@p.iam.gserviceaccount.com'] }), instance()],
    ],
    [
      'an instance without an external address',
      'no',
      [NET, firewall('f'), instance({ networkInterfaces: [] })],
    ],
    [
      'differs: an instance that a denial of higher priority protects',
      'no',
      [NET, firewall('f'), firewall('d', { priority: 1, denied: [{ IPProtocol: 'all' }] }), instance()],
    ],
    ...DATA.map((role): [string, 'yes', readonly EstateResource[]] => [
      `a dataset by ${role}`,
      'yes',
      dataset(`roles/${role}`, 'allUsers'),
    ]),
    ['a dataset for Google accounts', 'yes', dataset('roles/bigquery.dataViewer', 'allAuthenticatedUsers')],
    [
      'differs: a dataset of which everybody sees the names alone',
      'no',
      dataset('roles/bigquery.metadataViewer', 'allUsers'),
    ],
    ['differs: the right to run queries alone', 'no', dataset('roles/bigquery.user', 'allUsers')],
    ...STORAGE.map((role): [string, 'yes', readonly EstateResource[]] => [
      `a bucket by ${role}`,
      'yes',
      bucket(`roles/storage.${role}`, 'allUsers'),
    ]),
    ['a bucket for Google accounts', 'yes', bucket('roles/storage.objectViewer', 'allAuthenticatedUsers')],
    ['a bucket with prevention enforced', 'no', bucket('roles/storage.objectViewer', 'allUsers', 'enforced')],
    ['a bucket of people', 'no', bucket('roles/storage.objectViewer', 'user:ada@example.com')],
  ])('%s', (_, state, resources) => {
    expect(verdictOn(...resources).split(/[ :]/)[0]).toBe(state);
  });
});
