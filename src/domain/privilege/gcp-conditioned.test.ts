import { describe, expect, it } from 'vitest';
import { binding, gcp, iamPolicy, ORGANIZATION_NAME, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateGcpEstate } from '../risk/evaluate-gcp-estate.ts';

const ADA = gcp('gcp-user', 'user:ada@example.com', { member: 'user:ada@example.com' });
const secret = (name: string, tags = {}) => ({
  ...gcp('gcp-secret', `//secretmanager.googleapis.com/projects/1/secrets/${name}`),
  tags,
});
const bucket = (name: string) => gcp('gcp-bucket', `//storage.googleapis.com/${name}`);
const ended = 'request.time < timestamp("2026-01-01T00:00:00Z")';
const lasting = 'request.time < timestamp("2030-01-01T00:00:00Z")';
const onlyRoles = (...roles: string[]) =>
  `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${roles.map((role) => `'${role}'`).join(', ')}])`;
const IAM_ADMIN = 'roles/resourcemanager.projectIamAdmin';
const SECRETS = 'roles/secretmanager.secretAccessor';
const OBJECTS = 'roles/storage.objectViewer';
const ownRole = (...includedPermissions: string[]) =>
  gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
    name: 'projects/p/roles/r',
    includedPermissions,
  });

const MAY_GRANT = `P1: has ${IAM_ADMIN} over project 1 and may give itself every role there`;
const READS = `P3: may read secrets (${SECRETS} over project 1)`;

describe('a role under a condition', () => {
  it.each<[title: string, privilege: string, role: string, expression: string, ...EstateResource[]]>([
    ['that has run out', 'none', 'roles/owner', ended],
    ['that has not', 'P0: has roles/owner over project 1', 'roles/owner', lasting],
    ['that nobody can tell', 'unknown', 'roles/owner', 'x'],
    ['of which a part decides', 'none', 'roles/owner', `x && ${ended}`],
    ['that lets it give out what owns', MAY_GRANT, IAM_ADMIN, onlyRoles('roles/run.invoker', 'roles/owner')],
    ['that lets it give out what grants', MAY_GRANT, IAM_ADMIN, onlyRoles('roles/iam.securityAdmin')],
    [
      'that lets it give out what gives nothing',
      `P4: has ${IAM_ADMIN} over project 1, under a condition`,
      IAM_ADMIN,
      onlyRoles('roles/run.invoker', 'roles/compute.networkAdmin'),
    ],
    ['that lets it give out what reads', 'unknown', IAM_ADMIN, onlyRoles(SECRETS)],
    ['that lets it give out what nobody described', 'unknown', IAM_ADMIN, onlyRoles('roles/new.admin')],
    [
      'that lets it give out something, where it may give out nothing',
      'unknown',
      'roles/editor',
      onlyRoles('roles/owner'),
    ],
    ['for all secrets', READS, SECRETS, 'resource.type.startsWith("secretmanager.googleapis.com/")'],
    ['for another service', 'none', SECRETS, 'resource.service == "storage.googleapis.com"'],
    [
      'for names, of secrets that nobody described',
      'unknown',
      SECRETS,
      'resource.name.startsWith("projects/1/secrets/a")',
    ],
    [
      'for one secret of two',
      'none',
      SECRETS,
      'resource.name.startsWith("projects/1/secrets/a/")',
      secret('a'),
      secret('b'),
    ],
    [
      'for two secrets of three',
      READS,
      SECRETS,
      'resource.name.startsWith("projects/1/secrets/a")',
      secret('a1'),
      secret('a2'),
      secret('b'),
    ],
    [
      'for one that is tagged sensitive',
      READS,
      SECRETS,
      'resource.name.startsWith("projects/1/secrets/a/")',
      secret('a', { pci: 'true' }),
      secret('b'),
    ],
    [
      'for one that is not tagged sensitive',
      'none',
      SECRETS,
      'resource.name.startsWith("projects/1/secrets/a/")',
      secret('a'),
      secret('b', { pci: 'true' }),
    ],
    [
      'for some of what one of two holds, which is tagged sensitive',
      'unknown',
      SECRETS,
      'resource.name == "projects/1/secrets/a/versions/1"',
      secret('a', { pci: 'true' }),
      secret('b'),
    ],
    [
      'for a project that is spelled by its id',
      'unknown',
      SECRETS,
      'resource.name.startsWith("projects/p/secrets/a")',
      secret('a'),
    ],
    [
      'for the one bucket that there is',
      `P3: may read objects of buckets (${OBJECTS} over project 1)`,
      OBJECTS,
      'resource.name.startsWith("projects/_/buckets/files/")',
      bucket('files'),
    ],
    [
      'for one of three data',
      'P3: may read secrets (projects/p/roles/r over project 1)',
      'projects/p/roles/r',
      'resource.service == "secretmanager.googleapis.com"',
      ownRole('secretmanager.versions.access', 'storage.objects.get', 'bigquery.tables.getData'),
    ],
  ])('%s', (_, privilege, role, expression, ...resources) => {
    const policy = iamPolicy(PROJECT_NAME, {
      ...binding(role, 'user:ada@example.com'),
      condition: { expression },
    });
    const found = evaluateGcpEstate([...resources, policy, ADA]).get(ADA.key);
    const { level, reasons } = found?.privilege ?? { level: 'no answer', reasons: [] };
    expect(reasons.length === 0 || level === 'unknown' ? level : `${level}: ${reasons.join('; ')}`).toBe(
      privilege,
    );
    expect(found?.privilegedAccess.missing).toEqual(
      level === 'unknown' ? [`whether the condition of ${role} over project 1 holds (${expression})`] : [],
    );
  });

  it('over one secret is told of that one', () => {
    const policy = (expression: string) =>
      iamPolicy('//secretmanager.googleapis.com/projects/1/secrets/a', {
        ...binding(SECRETS, 'user:ada@example.com'),
        condition: { expression },
      });
    const levelOf = (...resources: EstateResource[]) =>
      evaluateGcpEstate([...resources, ADA]).get(ADA.key)?.privilege.level;
    expect(levelOf(secret('a'), policy('resource.name.startsWith("projects/1/secrets/a")'))).toBe('P3');
    expect(levelOf(secret('a'), policy('resource.name.startsWith("projects/1/secrets/b")'))).toBe('none');
    const wide = iamPolicy(ORGANIZATION_NAME, {
      ...binding(SECRETS, 'user:ada@example.com'),
      condition: { expression: 'resource.name.startsWith("projects/1/secrets/a")' },
    });
    expect(levelOf(secret('a'), wide)).toBe('P3');
  });
});
