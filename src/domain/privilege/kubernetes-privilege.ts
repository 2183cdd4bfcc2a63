import { type KubernetesEstate, nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import type { NodeFacts, WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type CloudIdentities, NO_CLOUD_IDENTITIES } from './cloud-identity.ts';
import { ClusterAccess } from './kubernetes-cluster-access.ts';
import { escapesOf } from './kubernetes-escape.ts';
import {
  type ClusterJudgement,
  type ClusterPrivilege,
  doubt,
  joined,
  judge,
  type PrivilegeReason,
  privileged,
  unprivileged,
} from './kubernetes-judgement.ts';

/**
 * Who in a cluster is privileged: service accounts by what is bound to them, workloads by their service account and
 * by the ways from their containers to the node, roles and bindings by what they give, nodes by what is bound to them and by
 * whose tokens they hold (attack-paths §3.3, §4.12). *No* needs all roles and bindings of the cluster, and for an
 * identity in a cloud the rights of that.
 */
export function kubernetesPrivilege(
  estate: KubernetesEstate,
  cloud: CloudIdentities = NO_CLOUD_IDENTITIES,
): ReadonlyMap<string, ClusterJudgement> {
  const found = new Map<string, ClusterJudgement>();
  const access = new ClusterAccess(estate, cloud);
  let ofNodes: ClusterAccess | null = null;
  for (const { resource, facts } of estate.serviceAccounts)
    found.set(resource.key, judge(access.accountPrivilege(facts.namespace, facts.name)));
  for (const workload of estate.workloads)
    if (workload.facts.hostNetwork && cloud.others !== undefined) {
      ofNodes ??= new ClusterAccess(estate, onNodes(cloud));
      found.set(workload.resource.key, judge(workloadPrivilege(workload, ofNodes)));
    } else found.set(workload.resource.key, judge(workloadPrivilege(workload, access)));
  for (const role of estate.roles) found.set(role.resource.key, judge(access.rolePrivilege(role)));
  for (const binding of estate.bindings)
    found.set(binding.resource.key, judge(access.bindingPrivilege(binding)));
  const everywhere = tokensOnEveryNode(estate, access);
  for (const node of estate.nodes)
    found.set(node.resource.key, judge(nodePrivilege(node, access, everywhere)));
  return found;
}

/** What pods on the network of their node are: Google's metadata service takes them for that node. */
function onNodes(cloud: CloudIdentities): CloudIdentities {
  const others = [...(cloud.others ?? [])].map(([account, all]) => {
    const left = all.filter((each) => each.cloud !== 'Google Cloud');
    return [account, left] as const;
  });
  return { ...cloud, others: new Map(others), told: new Set() };
}

/** Kinds that hold no credential and run nothing. */
export function holdsNothing(resource: EstateResource): ClusterJudgement {
  return judge(unprivileged(`${nameOf(resource)} runs nothing and holds no credential.`, resource));
}

function workloadPrivilege(
  { facts, resource }: Placed<WorkloadFacts>,
  access: ClusterAccess,
): ClusterPrivilege {
  const name = nameOf(resource);
  const escapes = escapesOf(facts).map((way) =>
    way.isCertain
      ? privileged('P2', name, `can take over its node and the pods on it: ${way.how}`, resource)
      : doubt(`the user that ${name} runs as`, [
          evidence(`${name} runs as another user than root, and ${way.how}.`, resource),
        ]),
  );
  const { namespace, serviceAccount } = facts;
  if (facts.mountsToken ?? access.mountsToken(namespace, serviceAccount)) {
    const account = access.accountPrivilege(namespace, serviceAccount);
    const through = `runs as the service account ${serviceAccount}, which`;
    const runs = evidence(`${name} runs as the service account ${serviceAccount}.`, resource);
    return joined([
      ...escapes,
      {
        reasons: account.reasons.map((each) => passedOn(each, name, through)),
        doubts: account.doubts.map((each) => ({ ...each, facts: [runs, ...each.facts] })),
        otherwise: [runs, ...account.otherwise],
      },
    ]);
  }
  const cloud = access.cloudPrivilege(namespace, serviceAccount);
  const through = `runs as the service account ${serviceAccount}, which`;
  return joined([
    ...escapes,
    { ...cloud, reasons: cloud.reasons.map((each) => passedOn(each, name, through)) },
    unprivileged(`${name} gets no token of its service account.`, resource),
  ]);
}

/** The privilege of a service account that every node keeps a token of, because a DaemonSet runs on all of them. */
function tokensOnEveryNode(estate: KubernetesEstate, access: ClusterAccess): readonly PrivilegeReason[] {
  if (!estate.looked('Node', null)) return [];
  return estate.workloads.flatMap(({ facts, resource }) => {
    const isEverywhere =
      facts.objectKind === 'DaemonSet' && facts.replicas !== null && facts.replicas >= estate.nodes.length;
    const { namespace, serviceAccount } = facts;
    if (!isEverywhere || !(facts.mountsToken ?? access.mountsToken(namespace, serviceAccount))) return [];
    return access
      .accountPrivilege(namespace, serviceAccount)
      .reasons.filter((each) => each.level !== 'P4')
      .map((each): PrivilegeReason => {
        const reason = `keeps the token of ${nameOf(resource)}, whose service account ${each.reason}`;
        // Taking somebody else's token is an escalation, not a right of its own.
        return { level: each.level === 'P3' ? 'P3' : 'P2', reason, fact: each.fact };
      });
  });
}

function nodePrivilege(
  { facts, resource }: Placed<NodeFacts>,
  access: ClusterAccess,
  everywhere: readonly PrivilegeReason[],
): ClusterPrivilege {
  const name = nameOf(resource);
  const kept = everywhere.map((each) => ({
    ...each,
    fact: { ...each.fact, sentence: `${name} ${each.reason} (${each.level}).` },
  }));
  return joined([
    { reasons: [...access.nodeReasons(facts.name), ...kept], doubts: [], otherwise: [] },
    doubt('the cloud identity of the node and its permissions', [
      evidence(`${name} holds the tokens of the pods that run on it.`, resource),
    ]),
  ]);
}

function passedOn(each: PrivilegeReason, subject: string, through: string): PrivilegeReason {
  const reason = `${through} ${each.reason}`;
  return {
    level: each.level,
    reason,
    fact: { ...each.fact, sentence: `${subject} ${reason} (${each.level}).` },
  };
}
