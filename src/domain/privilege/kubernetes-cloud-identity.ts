import type { Placed } from '../exposure/kubernetes-estate.ts';
import { noInventoryTells } from '../exposure/untold.ts';
import type { ServiceAccountFacts } from '../resource/facts/kubernetes-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { evidence } from '../risk/estate.ts';
import { trustsServiceAccount } from './aws/service-account-role.ts';
import { type CloudIdentities, UNTOLD_ROLE, type WorkloadIdentity } from './cloud-identity.ts';
import {
  type ClusterPrivilege,
  doubt,
  joined,
  type PrivilegeReason,
  unprivileged,
} from './kubernetes-judgement.ts';

/**
 * What identities in a cloud add to a service account: the level of a role of AWS whose account was described, and of
 * what Google Cloud and Azure take it for (attack-paths §3.3, §4.12); the rights of any other are another inventory's to tell.
 */
export function serviceAccountCloud(
  { facts, resource }: Placed<ServiceAccountFacts>,
  { roles, associated, others, told }: CloudIdentities,
): ClusterPrivilege {
  const subject = `ServiceAccount ${facts.namespace}/${facts.name}`;
  const given = associated.get(`${facts.namespace}/${facts.name}`) ?? [];
  const elsewhere = others?.get(`${facts.namespace}/${facts.name}`) ?? [];
  const named = new Set(facts.cloudIdentities.filter((each) => !elsewhere.some((told) => isOf(told, each))));
  const own = [...named].map((arn) => ({ ...BY_NAME, arn }));
  return joined([
    ...elsewhere.map((each) => elsewherePrivilege(each, subject, resource)),
    ...[...own, ...given.filter(({ arn }) => !facts.cloudIdentities.includes(arn))].map((each) => {
      const { arn: identity, isThroughAnother, isNarrowed } = each;
      const acts = evidence(`${subject} acts as ${identity} in the cloud.`, resource);
      if (told?.has(identity) === true)
        return unprivileged(`${subject} names ${identity}, which no policy lets it become.`, resource);
      const role = roles.get(identity);
      if (role === undefined) return doubt(`permissions of ${identity}${commandFor(identity)}`, [acts]);
      const name = identity.slice(identity.lastIndexOf('/') + 1);
      if (
        !isThroughAnother &&
        role.trust !== null &&
        !trustsServiceAccount(role.trust, identity, facts, role.at)
      )
        return unprivileged(`${subject} names the role ${name}, which does not trust it.`, resource);
      const { level, reasons } = role.privilege;
      if (level === 'unknown')
        return joined(role.missing.map((missing) => doubt(`permissions of ${identity}: ${missing}`, [acts])));
      if (level === 'none')
        return unprivileged(`${subject} acts as the role ${name}, which has no privileged rights.`, resource);
      if (isNarrowed)
        return doubt(noInventoryTells(`what a session policy leaves of the rights of ${identity}`), [acts]);
      const reason = `acts as the role ${name} of AWS, which ${reasons[0] ?? 'is privileged'}`;
      const found: PrivilegeReason = {
        level,
        reason,
        fact: { sentence: `${subject} ${reason} (${level}).`, provenance: role.provenance, at: role.at },
      };
      return { reasons: [found], doubts: [], otherwise: [] };
    }),
  ]);
}

/** Whether what a service account names is told by what its cloud takes it for: in Google Cloud the workload becomes the account. */
function isOf({ cloud, client }: WorkloadIdentity, named: string): boolean {
  return cloud === 'Azure' ? named.toLowerCase() === client : /@.+\.gserviceaccount\.com$/.test(named);
}

function elsewherePrivilege(
  { name, cloud, privilege, missing, provenance, at }: WorkloadIdentity,
  subject: string,
  resource: Placed<ServiceAccountFacts>['resource'],
): ClusterPrivilege {
  const { level, reasons } = privilege;
  if (level === 'unknown')
    return joined(
      missing.map((each) =>
        doubt(`permissions of ${name}: ${each}`, [
          evidence(`${subject} acts as ${name} in ${cloud}.`, resource),
        ]),
      ),
    );
  if (level === 'none')
    return unprivileged(`${subject} acts as ${name} in ${cloud}, which has no privileged rights.`, resource);
  const reason = `acts as ${name} in ${cloud}, which ${reasons[0] ?? 'is privileged'}`;
  const fact = { sentence: `${subject} ${reason} (${level}).`, provenance, at };
  return { reasons: [{ level, reason, fact }], doubts: [], otherwise: [] };
}

/** A role that a service account names itself. */
const BY_NAME = { isThroughAnother: false, isNarrowed: false };

/** `name@PROJECT.iam.gserviceaccount.com`. */
function projectOfAccount(identity: string): string | null {
  return /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(identity)?.[1] ?? null;
}

/** What tells the rights of an identity of a cloud. */
function commandFor(identity: string): string {
  if (identity === UNTOLD_ROLE)
    return ': aws eks list-pod-identity-associations --cluster-name NAME, and of each aws eks describe-pod-identity-association --cluster-name NAME --association-id ID';
  if (identity.startsWith('arn:aws')) return ': aws iam get-account-authorization-details';
  return identity.includes('@')
    ? `: ${assetCall(projectPlace(projectOfAccount(identity)), 'iam-policy')}`
    : ': az role assignment list --all, az identity list, az identity federated-credential list';
}
