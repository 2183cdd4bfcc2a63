import type { AccessRule, BindingFacts, WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { reachOfNodes } from './kubernetes-node-exposure.ts';
import { type ClusterWay, onward, recordOf } from './kubernetes-way.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

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
 * as the cloud that runs it tells, or the nodes on which it runs. Undefined for every other binding.
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
  if (BENIGN_ROLES.has(facts.role.name) || rules?.every(isDiscovery) === true) {
    const benign = evidence(`${role} allows nothing but discovery.`, resource);
    return [
      closedWay({
        surface: SURFACE,
        auth: caller.auth,
        via: ['API server', name],
        gates: [name],
        evidence: [fact, benign],
      }),
    ];
  }
  const unread = rules === undefined ? [`${role}: kubectl get roles,clusterroles -A -o json`] : [];
  return waysToServer(estate, caller).map((way) => {
    const through = {
      ...way,
      surface: SURFACE,
      auth: caller.auth,
      via: [...way.via, name],
      gates: [...way.gates, name],
      evidence: [fact, ...way.evidence],
    };
    if (way.verdict === 'no') return closedWay(through);
    const audience =
      isPublic(way.audience) && caller.audience !== 'internet' ? caller.audience : way.audience;
    // Who is no stranger gets what the role gives, whatever that is.
    const missing = isPublic(way.audience) ? [...unread, ...way.missing] : [];
    return missing.length > 0 ? { ...unsureWay(missing, through), audience } : openWay(audience, through);
  });
}

const SURFACE = 'Kubernetes API';

/** The ways to the API server for somebody whom nobody knows. */
function waysToServer(
  estate: KubernetesEstate,
  { auth }: Pick<ExposureRecord, 'auth'>,
): readonly ExposureRecord[] {
  const server = estate.apiServer;
  if (server !== undefined) {
    const { name, refusal, provenance, at } = server;
    if (refusal !== null && auth === 'none')
      return [closedWay({ via: [name], evidence: [{ sentence: refusal, provenance, at }] })];
    return server.ways.map((way) => {
      const via = [name, ...way.via];
      if (way.behind?.lets !== 'nobody') return { ...way, via };
      const sentence = `${via.join(', ')} takes requests of those alone whom IAM lets connect to the cluster.`;
      return closedWay({ via, evidence: [{ sentence, provenance, at }] });
    });
  }
  const own = estate.workloads.filter(
    ({ facts }) => facts.namespace === 'kube-system' && facts.podLabels['component'] === 'kube-apiserver',
  );
  const [first] = own;
  if (first === undefined) return [unsureWay([ADDRESS], { via: ['API server'] })];
  if (auth === 'none' && own.every(({ facts }) => facts.refusesStrangers)) {
    const sentence = `${nameOf(first.resource)} takes no request without a login (--anonymous-auth=false).`;
    return [closedWay({ via: [nameOf(first.resource)], evidence: [evidence(sentence, first.resource)] })];
  }
  const ways = own.map((pod) => recordOf(wayToOwnServer(pod, estate), estate.audienceOf));
  const open = ways.filter((way) => way.verdict !== 'no' && isPublic(way.audience));
  // Before nodes that nobody reaches a load balancer may stand, which nothing of the cluster tells.
  return open.length > 0 ? open : [unsureWay([BEFORE_NODES], { via: [nameOf(first.resource)] })];
}

const API_PORT = 6443;

/** An API server that runs on nodes of the cluster is called after its node. */
function wayToOwnServer({ facts, resource }: Placed<WorkloadFacts>, estate: KubernetesEstate): ClusterWay {
  const nodes = estate.nodes.filter((node) => facts.name === `kube-apiserver-${node.facts.name}`);
  const reach = reachOfNodes(estate, { protocol: 'TCP', port: API_PORT }, nodes);
  const name = nameOf(resource);
  const fact = evidence(`${name} is the API server, on port ${API_PORT} of its node.`, resource);
  return { ...onward(reach, { via: name, fact }), surface: SURFACE, auth: 'iam' };
}

const ADDRESS = `who reaches the API server of the cluster: aws eks describe-cluster --name NAME, az aks list or ${assetCall(projectPlace(null), 'resource', 'container.googleapis.com/Cluster')}, with the name or id of the cluster there as --scope cluster=`;

const BEFORE_NODES = noInventoryTells(
  'whether a load balancer stands before the API server, whose nodes nobody reaches (kubectl cluster-info shows its address)',
);

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
