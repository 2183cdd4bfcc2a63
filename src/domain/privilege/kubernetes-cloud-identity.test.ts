import { describe, expect, it } from 'vitest';
import { sampleCover, sampleObject, sampleWorkload } from '../exposure/kubernetes-estate.test-sample.ts';
import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import type { CloudIdentities, WorkloadIdentity } from './cloud-identity.ts';
import { kubernetesPrivilege } from './kubernetes-privilege.ts';
import type { PrivilegeLevel } from './privilege.ts';

const EMAIL = 'web@shop-prod.iam.gserviceaccount.com';
const CLIENT = 'c11e0000-0000-4000-8000-000000000001';
const LOOKED = sampleCover('ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding', 'ServiceAccount');

function taken(
  cloud: WorkloadIdentity['cloud'],
  level: PrivilegeLevel | 'none' | 'unknown',
): WorkloadIdentity {
  return {
    key: 'gcp:somebody',
    name: 'somebody',
    cloud,
    client: cloud === 'Azure' ? CLIENT : null,
    privilege: { level, reasons: level === 'P3' ? ['may read secrets'] : [] },
    missing: level === 'unknown' ? ['roles: az role assignment list'] : [],
    provenance: 'cloud',
    at: 0,
  };
}

function said(
  others: readonly WorkloadIdentity[],
  {
    names = [],
    told = [],
    hostNetwork = false,
  }: {
    readonly names?: string[];
    readonly told?: readonly string[];
    readonly hostNetwork?: boolean;
  } = {},
): string {
  const workload = sampleWorkload('web', { hostNetwork });
  const account = sampleObject('service-account', 'ServiceAccount', 'shop', 'web', {
    cloudIdentities: names,
  });
  const cloud: CloudIdentities = {
    roles: new Map(),
    associated: new Map(),
    others: new Map([['shop/web', others]]),
    told: new Set(told),
  };
  const found = kubernetesPrivilege(new KubernetesEstate([workload, account, ...LOOKED]), cloud);
  const judged = found.get(workload.key);
  return [
    judged?.privilege.level,
    ...(judged?.privilege.reasons ?? []),
    ...(judged?.verdict.missing ?? []),
  ].join(': ');
}

describe('what a cloud takes a service account for', () => {
  it.each<[string, string, string]>([
    [
      'is as strong as that',
      said([taken('Google Cloud', 'P3')]),
      'P3: runs as the service account web, which acts as somebody in Google Cloud, which may read secrets',
    ],
    ['may be nobody', said([taken('Google Cloud', 'none')], { names: [EMAIL] }), 'none'],
    [
      'may be somebody of whom nobody knows what he may do',
      said([taken('Azure', 'unknown')], { names: [CLIENT.toUpperCase()] }),
      'unknown: permissions of somebody: roles: az role assignment list',
    ],
    ['is the client that it names', said([taken('Azure', 'none')], { names: [CLIENT] }), 'none'],
    [
      'is not any other client',
      said([taken('Azure', 'none')], { names: [CLIENT.replace('c11e', 'c11f')] }),
      `unknown: permissions of ${CLIENT.replace('c11e', 'c11f')}: az role assignment list --all, az identity list, az identity federated-credential list`,
    ],
    [
      'is not known before policies were told',
      said([], { names: [EMAIL] }).replace(/: gcloud.*/, ''),
      `unknown: permissions of ${EMAIL}`,
    ],
    ['is nobody where none of them lets it', said([], { names: [EMAIL], told: [EMAIL] }), 'none'],
    [
      'is its node on the network of that',
      said([taken('Google Cloud', 'P3')], { names: [EMAIL], told: [EMAIL], hostNetwork: true }).replace(
        /: gcloud.*/,
        '',
      ),
      `unknown: permissions of ${EMAIL}`,
    ],
    [
      'is the same on the network of its node in Azure',
      said([taken('Azure', 'P3')], { hostNetwork: true }).slice(0, 2),
      'P3',
    ],
  ])('%s', (_, is, expected) => {
    expect(is).toBe(expected);
  });
});
