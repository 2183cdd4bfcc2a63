import { expect, test } from 'vitest';
import type { Resource } from '#contract/resource.ts';
import { paintFor } from './paint.ts';
import { presentResource } from './present-resource.ts';

const PLAIN = paintFor({ isColourWanted: false });

const BUCKET: Resource = {
  id: 'aws:arn:aws:s3:::acme-exports',
  kind: 'cloud',
  name: 'acme-exports\u001b[31m',
  goneAt: null,
  riskStates: {
    publicly_accessible: 'yes',
    privileged_access: 'no',
    under_attack: 'unknown',
    exploit_available: 'no',
    in_production: 'yes',
  },
  evidence: {
    publicly_accessible: [
      {
        sentence: 'Its policy lets everybody read.',
        provenance: 'aws-cli',
        at: '2026-10-01T12:00:00Z',
        link: 'https://example.com/policy',
      },
    ],
  },
  missing: { under_attack: ['a source of attack signals'] },
  privilege: { level: 'none', reasons: [] },
  exposure: [
    {
      audience: 'internet',
      surface: 'read',
      auth: 'none',
      verdict: 'yes',
      via: ['bucket policy'],
      gates: ['statement PublicRead'],
      missing: [],
      evidence: [],
      hands: null,
      filteredBy: null,
      listening: null,
      confirmed: false,
      dormant: false,
    },
  ],
  environment: 'production',
  services: ['exports'],
  servicesFrom: 'tag service',
  owner: null,
  owners: [],
  data: { class: 'confidential', types: ['pii'], reasons: ['tag pii (confidence 0.6)'] },
  issues: ['0123456789abcdef'],
};

test('a resource is told in lines, and nothing of it steers the terminal', () => {
  expect(presentResource(BUCKET, PLAIN)).toEqual([
    'acme-exports[31m  cloud',
    'id aws:arn:aws:s3:::acme-exports',
    'environment production, services exports, owner none known',
    'data confidential, pii: tag pii (confidence 0.6)',
    '',
    'Detected risks',
    '  yes      publicly accessible',
    '           Its policy lets everybody read. (aws-cli, 2026-10-01)',
    '           https://example.com/policy',
    '  no       privileged access',
    '  unknown  under attack',
    '           missing: a source of attack signals',
    '  no       exploit available',
    '  yes      in production',
    '',
    'Ways in',
    '  yes      internet to read, auth none, through bucket policy',
    '           gate: statement PublicRead',
    '',
    'Issues: 1',
    '  0123456789abcdef',
  ]);
});

test('an id that is not known is said to be none', () => {
  expect(presentResource({ ...BUCKET, kind: null, id: 'x' }, PLAIN)).toEqual([
    'x is not known: no report and no inventory names a resource of this id.',
  ]);
});
