import { checkName } from '#domain/control/tool-check.ts';
import { type Observation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { cloudProvider, describeCloudObject } from '../reading/cloud-object.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import { kubernetesKind } from '../reading/prowler-kubernetes-kind.ts';

/** What Prowler says of one check and one resource, whatever it was written in. */
export interface CheckResult {
  readonly toolVersion?: string | undefined;
  /** In lower case: `aws`, `azure`, `gcp`, `kubernetes`, `github`. */
  readonly provider: string;
  /** Account, subscription or project; the cluster for Kubernetes. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly check: string;
  /** `manual`: a person has to look. */
  readonly verdict: 'pass' | 'fail' | 'manual';
  readonly isMuted: boolean;
  readonly title: string | undefined;
  readonly detail: string | undefined;
  readonly severity: string | undefined;
  readonly risk: string | undefined;
  readonly fix: string | undefined;
  readonly references: readonly (string | undefined)[];
  /** Undefined in tables of version 2, which name none. */
  readonly resourceId: string | undefined;
  readonly resourceType: string | undefined;
  readonly resourceName: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** The verdict of a word: `PASS`, `Fail`, `MANUAL`, `INFO`, `WARNING`. */
export function verdictOf(word: string | undefined): CheckResult['verdict'] {
  const upper = word?.toUpperCase();
  return upper === 'PASS' ? 'pass' : upper === 'FAIL' ? 'fail' : 'manual';
}

/** A check in an account and region. */
export function unitOf({ check, account, region }: CheckResult): string {
  return `${checkName('prowler', check)}@${account ?? ''}/${region ?? ''}`;
}

/** The finding of a result, and what it tells of its resource; a result that asks a person to look is none. */
export function mapResult(result: CheckResult, failing?: ReadonlySet<string>): readonly Observation[] {
  const resource = resourceOf(result);
  const cover = unitOf(result);
  const told = tagsOf(result, resource);
  if (result.verdict === 'manual') return told;
  if (result.verdict === 'pass' && result.resourceId === undefined && failing?.has(cover) === true)
    return [{ kind: 'coverage', cover }];
  const service = result.check.split('_', 1)[0] ?? '';
  return [
    postureFinding({
      tool: 'prowler',
      check: result.check,
      resource,
      resourceKind: result.resourceType,
      isIdentity: IDENTITY_SERVICES.has(service),
      title: result.title,
      severity: severityOfWord(result.severity),
      description: [result.detail, result.risk].filter((text) => text !== undefined).join('\n\n'),
      fix: result.fix,
      references: result.references,
      state: stateOf(result),
      cover,
    }),
    ...told,
  ];
}

/** Services of Prowler's providers that are about who may do what (design: identity, names). */
const IDENTITY_SERVICES = new Set(['iam', 'entra', 'rbac', 'sso', 'identitystore', 'identitycenter']);

function stateOf({ verdict, isMuted }: CheckResult): ObservedState {
  if (verdict === 'pass') return PASSED;
  return isMuted ? { is: 'suppressed', reason: 'muted in Prowler' } : OPEN;
}

function resourceOf(result: CheckResult): ResourceDescription {
  const { provider, account, region, resourceId: id, resourceType: type, resourceName: name } = result;
  if (provider === 'kubernetes') {
    const { objectKind, group, isNamespaced } = kubernetesKind(type);
    const namespace = isNamespaced ? (region?.replace(/^namespace: /, '') ?? '') : '';
    return {
      kind: 'kubernetes',
      cluster: account ?? null,
      group,
      objectKind,
      namespace,
      name: name ?? id ?? '',
    };
  }
  if (id === undefined)
    return { kind: 'account', provider: cloudProvider(provider), account: account ?? '', region };
  if (provider === 'aws' || id.startsWith('arn:aws'))
    return describeNamedResource({ id, type, name, account, region });
  return describeCloudObject(id, type, name, provider, account, region);
}

/** The tags of a resource, which tell environment, service and team. */
function tagsOf(
  { tags, account, region }: CheckResult,
  resource: ResourceDescription,
): readonly Observation[] {
  if (tags.size === 0 || resource.kind !== 'cloud') return [];
  return [
    {
      kind: 'resource',
      resource,
      type: resource.type ?? 'Other',
      name: resource.name ?? resource.id,
      account,
      region,
      tags: Object.fromEntries(tags),
      facts: {},
    },
  ];
}
