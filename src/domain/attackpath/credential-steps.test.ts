import { expect, test } from 'vitest';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { asset, openWay } from './attack-path.test-sample.ts';
import { credentialSteps } from './credential-steps.ts';
import { findingGate } from './gate.ts';
import type { Credential } from './path-facts.ts';

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
