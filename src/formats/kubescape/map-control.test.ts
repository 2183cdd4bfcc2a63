import { expect, test } from 'vitest';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { type ControlContext, mapControl, outcomeOf } from './map-control.ts';

const CONTEXT: ControlContext = {
  paths: new Map(),
  cluster: 'prod',
  controls: { 'C-0057': { name: 'Privileged container', scoreFactor: 8 } },
};
const FAILED = { controlID: 'C-0057', status: { status: 'failed' } };

function read(resourceId: string, context = CONTEXT): FindingObservation {
  const [finding] = mapControl(FAILED, resourceId, context);
  return finding as FindingObservation;
}

test.each([
  [{ status: { status: 'failed' } }, 'failed'],
  [{ status: { status: 'passed', subStatus: 'irrelevant' } }, 'passed'],
  [{ status: { status: 'skipped' } }, undefined],
  [{ rules: [{ status: 'passed' }, { status: 'failed' }] }, 'failed'],
  [{ rules: [{ status: 'passed' }] }, 'passed'],
  [{ rules: [] }, undefined],
])('%j has %s', (control, outcome) => {
  expect(outcomeOf(control)).toBe(outcome);
});

test('what runs is the object of the cluster, under the control of the catalogue', () => {
  const finding = read('apps/v1/shop/Deployment/web');
  expect(finding).toMatchObject({
    type: 'misconfiguration',
    severity: 'high',
    title: 'Privileged container',
    resource: { kind: 'kubernetes', cluster: 'prod', group: 'apps', namespace: 'shop', name: 'web' },
  });
  const naming = { sourceId: 's', cluster: null, repository: null, artifact: null };
  expect(identifyFinding(finding, { naming, secretKey: new Uint8Array(32) }).control).not.toBeNull();
});

test('what a file says stays at the file', () => {
  const id = 'path=188/api=apps/v1//Deployment/web';
  expect(read(id, { ...CONTEXT, paths: new Map([[id, 'k8s/web.yaml']]) })).toMatchObject({
    type: 'iac_misconfiguration',
    place: { is: 'address', path: 'k8s/web.yaml', address: 'Deployment/web' },
  });
});

test.each(['', 'web', 'apps/v1/shop/Deployment/', 'v1/ns/Pod'])('%j names no resource', (id) => {
  expect(mapControl(FAILED, id, CONTEXT)).toMatch(/resourceID/);
});
