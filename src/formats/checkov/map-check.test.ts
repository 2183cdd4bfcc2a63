import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { mapCheck, type Outcome } from './map-check.ts';

const IDENTITY = {
  naming: { sourceId: 's', cluster: null, repository: null, artifact: null },
  secretKey: new Uint8Array(32),
};
const RECORD = { check_id: 'CKV_AWS_24', file_path: '/a.tf', resource: 'aws_security_group.ssh' };

function read(
  more: JsonObject,
  framework = 'terraform',
  outcome: Outcome = 'failed',
  root: string | null = null,
): FindingObservation {
  const pathOf = sourceFiles({ root, account: null, region: null, cluster: null });
  const [finding] = mapCheck({ ...RECORD, ...more }, { outcome, framework, pathOf });
  return finding as FindingObservation;
}

test('an id that the catalogue knows is its control, whatever scanner says it', () => {
  const { control, issueKey } = identifyFinding(read({}), IDENTITY);
  expect(control).not.toBeNull();
  expect(issueKey).toBe(`iac_misconfiguration|${control}`);
});

test('an id that it does not know is its own check', () => {
  expect(identifyFinding(read({ check_id: 'CKV_OWN_1' }), IDENTITY).issueKey).toBe(
    'iac_misconfiguration|checkov:CKV_OWN_1',
  );
});

test.each<[JsonObject, string | null, string]>([
  [{}, null, 'a.tf'],
  [{ repo_file_path: '/infra/a.tf' }, null, 'infra/a.tf'],
  [{ repo_file_path: '/infra/a.tf', file_abs_path: '/srv/shop/deep/a.tf' }, '/srv/shop', 'deep/a.tf'],
  [{ repo_file_path: '/infra/a.tf', file_abs_path: '/other/a.tf' }, '/srv/shop', 'infra/a.tf'],
])('%j below %s lies at %s', (more, root, path) => {
  expect(read(more, 'terraform', 'failed', root).place).toMatchObject({ path });
});

test.each<[JsonObject, string, string | undefined]>([
  [{}, 'aws_security_group.ssh', 'aws_security_group'],
  [
    { resource: 'module.net.aws_security_group.ssh' },
    'module.net.aws_security_group.ssh',
    'aws_security_group',
  ],
  [{ resource: '/srv/shop/Dockerfile.FROM' }, 'Dockerfile.FROM', 'Dockerfile'],
  [{ resource: 'Pod.default.web' }, 'Pod.default.web', 'Pod'],
])('%j is the resource %s of kind %s', (more, address, resourceKind) => {
  const { place, subject } = read(more);
  expect(place).toMatchObject({ is: 'address', address });
  expect(subject).toMatchObject({ hints: { resourceKind } });
});

test.each<[string, JsonObject, string]>([
  ['secrets', {}, 'secret'],
  ['sast_python', {}, 'code_vulnerability'],
  [
    'sca_package',
    { vulnerability_details: { id: 'CVE-2026-1111', package_name: 'x' } },
    'library_vulnerability',
  ],
  ['kubernetes', {}, 'iac_misconfiguration'],
])('of the framework %s it is %s', (framework, more, type) => {
  expect(read(more, framework).type).toBe(type);
});

test('what passed has ended, what a comment skips arrives muted with it', () => {
  expect(read({}, 'terraform', 'passed').state).toMatchObject({ is: 'ended', passed: true });
  expect(read({ check_result: { suppress_comment: 'a bastion' } }, 'terraform', 'skipped').state).toEqual({
    is: 'suppressed',
    reason: 'a bastion',
  });
});
