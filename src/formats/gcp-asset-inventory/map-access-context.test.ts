import { describe, expect, it } from 'vitest';
import { groupOfFile, mapDenyPolicy, mapMembership } from './map-access-context.ts';
import { mapAsset } from './map-asset.ts';

describe('a perimeter', () => {
  const NAME = '//accesscontextmanager.googleapis.com/accessPolicies/1/servicePerimeters/data';
  const ASSET = { name: NAME, assetType: 'accesscontextmanager.googleapis.com/ServicePerimeter' };
  const status = {
    resources: ['projects/1'],
    restrictedServices: ['storage.googleapis.com'],
    ingressPolicies: [{ ingressFrom: { identityType: 'ANY_IDENTITY', sources: [{ accessLevel: '*' }] } }],
  };

  it('is read in the spelling of the API and in that of protocol buffers', () => {
    const expected = [{ type: 'gcp-perimeter', name: 'Data', facts: { id: NAME, title: 'Data', status } }];
    expect(mapAsset({ ...ASSET, servicePerimeter: { title: 'Data', status } })).toMatchObject(expected);
    const snake = {
      resources: ['projects/1'],
      restricted_services: ['storage.googleapis.com'],
      ingress_policies: [
        { ingress_from: { identity_type: 'ANY_IDENTITY', sources: [{ access_level: '*' }] } },
      ],
    };
    expect(mapAsset({ ...ASSET, service_perimeter: { title: 'Data', status: snake } })).toMatchObject(
      expected,
    );
  });
});

describe('a deny policy', () => {
  const POLICY = {
    kind: 'DenyPolicy',
    name: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fshop/denypolicies/no-keys',
    displayName: 'No keys',
    rules: [
      {
        denyRule: {
          deniedPrincipals: ['principalSet://goog/public:all'],
          deniedPermissions: ['iam.googleapis.com/serviceAccountKeys.create'],
          denialCondition: { expression: 'true' },
        },
      },
    ],
  };

  it('belongs to what it is attached to', () => {
    expect(mapDenyPolicy(POLICY)).toMatchObject([
      {
        type: 'gcp-deny-policy',
        name: 'No keys',
        account: 'shop',
        facts: {
          of: '//cloudresourcemanager.googleapis.com/projects/shop',
          rules: [
            {
              deniedPrincipals: ['principalSet://goog/public:all'],
              deniedPermissions: ['iam.googleapis.com/serviceAccountKeys.create'],
              condition: 'true',
            },
          ],
        },
      },
    ]);
  });

  it.each([{}, { kind: 'DenyPolicy', name: 'policies/x' }, { ...POLICY, kind: 'AllowPolicy' }])(
    'is not %j',
    (object) => {
      expect(mapDenyPolicy(object)).toBeNull();
    },
  );
});

describe('a membership', () => {
  const of = (id: string, type?: string) => ({
    name: 'groups/abc/memberships/1',
    preferredMemberKey: { id },
    ...(type === undefined ? {} : { type }),
  });

  it.each([
    ['Ada@Example.com', 'USER', 'user:ada@example.com'],
    ['team@example.com', 'GROUP', 'group:team@example.com'],
    ['sa@p.iam.gserviceaccount.com', undefined, 'serviceAccount:sa@p.iam.gserviceaccount.com'],
  ])('of %s (%s) is that of %s', (id, type, member) => {
    expect(mapMembership(of(id, type), 'admins@example.com')).toMatchObject([
      { facts: { group: 'group:admins@example.com', member } },
    ]);
  });

  it('says nothing where nothing tells its group', () => {
    expect(mapMembership(of('ada@example.com'), undefined)).toEqual([]);
    expect(mapMembership({ name: 'groups/abc' }, 'admins@example.com')).toBeNull();
  });

  it.each([
    ['memberships-Admins@Example.com.json', 'admins@example.com'],
    ['dump/memberships-admins@example.com.json.gz', 'admins@example.com'],
    ['memberships.json', undefined],
    ['members-admins@example.com.json', undefined],
  ])('takes the group from the name %s', (name, group) => {
    expect(groupOfFile(name)).toBe(group);
  });
});
