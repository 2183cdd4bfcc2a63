import type { AccessRule, BindingFacts } from '../resource/facts/kubernetes-facts.ts';
import { evidence } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { closedWay, unsureWay } from './way-in.ts';

/** Roles that every cluster gives to callers whom it does not know: discovery, and what a node needs to join. */
const BENIGN_ROLES = new Set([
  'system:public-info-viewer',
  'system:discovery',
  'system:basic-user',
  'kubeadm:bootstrap-signer-clusterinfo',
]);

const DISCOVERY = /^\/(?:$|healthz|livez|readyz|version|api|apis|openapi)(?:\/|\*|$)/;

/**
 * A binding that gives callers without a login more than discovery (attack-paths §2.7, 1): as public as the API server,
 * whose address is in the cloud's inventory. Undefined for every other binding.
 */
export function anonymousExposure(
  { facts, resource }: Placed<BindingFacts>,
  estate: KubernetesEstate,
): readonly ExposureRecord[] | undefined {
  const caller = strangerAmong(facts, estate);
  if (caller === null) return undefined;
  const name = nameOf(resource);
  const role = `${facts.role.objectKind} ${facts.role.name}`;
  const rules = estate.roles.find(
    (each) =>
      each.facts.objectKind === facts.role.objectKind &&
      each.facts.name === facts.role.name &&
      (facts.role.objectKind === 'ClusterRole' || each.facts.namespace === facts.namespace),
  )?.facts.rules;
  const fact = evidence(`${name} gives ${caller.who} ${role}.`, resource);
  const way = {
    surface: 'Kubernetes API',
    auth: caller.auth,
    via: ['API server', name],
    gates: [name],
    evidence: [fact],
  };
  if (BENIGN_ROLES.has(facts.role.name) || rules?.every(isDiscovery) === true)
    return [
      closedWay({ ...way, evidence: [fact, evidence(`${role} allows nothing but discovery.`, resource)] }),
    ];
  const unread = rules === undefined ? [`${role}: kubectl get roles,clusterroles -A -o json`] : [];
  const record = unsureWay([...unread, ADDRESS], way);
  return [caller.audience === 'internet' ? record : { ...record, audience: caller.audience }];
}

const ADDRESS =
  'who reaches the API server: aws eks describe-cluster, az aks show or gcloud asset export --content-type=resource --asset-types=container.googleapis.com/Cluster';

/** Who among the subjects is nobody that the owner knows. On GKE every Google account is authenticated. */
function strangerAmong(
  facts: BindingFacts,
  estate: KubernetesEstate,
): (Pick<ExposureRecord, 'auth' | 'audience'> & { readonly who: string }) | null {
  const has = (objectKind: string, name: string): boolean =>
    facts.subjects.some((subject) => subject.objectKind === objectKind && subject.name === name);
  if (has('User', 'system:anonymous') || has('Group', 'system:unauthenticated'))
    return { who: 'callers without a login', auth: 'none', audience: 'internet' };
  const isGke = estate.nodes.some((node) => node.facts.providerId?.startsWith('gce://') === true);
  return isGke && has('Group', 'system:authenticated')
    ? { who: 'every Google account', auth: 'iam', audience: 'any-google-account' }
    : null;
}

function isDiscovery(rule: AccessRule): boolean {
  return (
    rule.resources.length === 0 &&
    rule.verbs.every((verb) => verb === 'get' || verb === 'head') &&
    rule.paths.every((path) => DISCOVERY.test(path))
  );
}
