import { asArray, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import {
  type ApplicationFacts,
  asClusterKinds,
  type FluxReleaseFacts,
  type GitRepositoryFacts,
  type ProjectFacts,
} from '#domain/resource/facts/delivery-facts.ts';
import { repositoryName } from '#domain/resource/resource-key.ts';
import { identityFacts, type KubernetesObject, observe } from './kubernetes-object.ts';

/** What an object of Argo CD or Flux says of which repository is applied to the cluster; undefined of any other. */
export function mapDelivery(
  object: KubernetesObject,
  cluster: string | null,
): ResourceObservation | undefined {
  switch (`${object.group} ${object.objectKind}`) {
    case 'argoproj.io Application':
      return observe(object, cluster, 'argo-application', applicationOf(object));
    case 'argoproj.io AppProject':
      return observe(object, cluster, 'argo-project', projectOf(object));
    case 'source.toolkit.fluxcd.io GitRepository':
      return observe(object, cluster, 'flux-git-repository', gitRepositoryOf(object));
    case 'kustomize.toolkit.fluxcd.io Kustomization':
      return observe(object, cluster, 'flux-kustomization', releaseOf(object, ['spec', 'sourceRef']));
    case 'helm.toolkit.fluxcd.io HelmRelease':
      return observe(
        object,
        cluster,
        'flux-helm-release',
        releaseOf(object, ['spec', 'chart', 'spec', 'sourceRef']),
      );
    default:
      return undefined;
  }
}

const SKIPS = 'argocd.argoproj.io/skip-reconcile';

function applicationOf(object: KubernetesObject): ApplicationFacts {
  const { spec } = object.body;
  const automated = asObject(at(spec, 'syncPolicy', 'automated'));
  const several = asObjects(at(spec, 'sources'));
  const sources = several.length > 0 ? several : [asObject(at(spec, 'source')) ?? {}];
  return {
    ...identityFacts(object),
    project: asText(at(spec, 'project')) ?? 'default',
    isAutomated:
      automated !== undefined && automated.enabled !== false && object.annotations[SKIPS] !== 'true',
    destination: asText(at(spec, 'destination', 'server')) ?? asText(at(spec, 'destination', 'name')) ?? '',
    destinationNamespace: asText(at(spec, 'destination', 'namespace')) ?? '',
    repositories: [...new Set(sources.flatMap(followedBy))],
  };
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i;

/** A chart comes from a registry of charts, and a commit does not move. */
function followedBy(source: JsonObject): readonly string[] {
  const repository = repositoryOf(source.repoURL);
  const isFixed = COMMIT.test(asText(source.targetRevision) ?? '');
  return asText(source.chart) !== undefined || isFixed || repository === '' ? [] : [repository];
}

function projectOf(object: KubernetesObject): ProjectFacts {
  const { spec } = object.body;
  return {
    ...identityFacts(object),
    destinations: asObjects(at(spec, 'destinations')).map((each) => ({
      cluster: asText(each.server) ?? asText(each.name) ?? '',
      namespace: asText(each.namespace) ?? '',
    })),
    clusterKinds: asClusterKinds(at(spec, 'clusterResourceWhitelist')),
    refusedClusterKinds: asClusterKinds(at(spec, 'clusterResourceBlacklist')),
    asksForSignature: asArray(at(spec, 'signatureKeys')).length > 0,
  };
}

function gitRepositoryOf(object: KubernetesObject): GitRepositoryFacts {
  const { spec } = object.body;
  return {
    ...identityFacts(object),
    repository: repositoryOf(at(spec, 'url')),
    isFixed: asText(at(spec, 'ref', 'commit')) !== undefined || asObject(at(spec, 'verify')) !== undefined,
    isSuspended: at(spec, 'suspend') === true,
  };
}

function releaseOf(object: KubernetesObject, reference: readonly string[]): FluxReleaseFacts {
  const source = at(object.body, ...reference);
  return {
    ...identityFacts(object),
    source: {
      objectKind: asText(at(source, 'kind')) ?? '',
      namespace: asText(at(source, 'namespace')) ?? object.namespace,
      name: asText(at(source, 'name')) ?? '',
    },
    serviceAccount: asText(at(object.body, 'spec', 'serviceAccountName')) ?? null,
    isSuspended: at(object.body, 'spec', 'suspend') === true,
    isElsewhere: asObject(at(object.body, 'spec', 'kubeConfig')) !== undefined,
  };
}

const REPOSITORY_MAX = 500;

/** `github.com/acme/shop`: without who logs in; empty where it is no address of git. */
function repositoryOf(address: unknown): string {
  const told = asText(address) ?? '';
  if (/^oci:/i.test(told)) return '';
  const name = repositoryName(told);
  return /^[^/]+\/./.test(name) ? oneLine(name, REPOSITORY_MAX) : '';
}
