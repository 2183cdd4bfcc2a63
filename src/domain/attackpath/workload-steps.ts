import { familyOfType } from './asset-family.ts';
import type { AttackStep } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import type { PathAsset, PathEstate } from './path-facts.ts';
import type { State } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** The administrator of an account or cluster, whatever gives its rights. */
export function administratorOf(estate: string): State {
  const asset = estate.startsWith('k8s:') ? `${estate}/cluster-admin` : `account-admin:${estate}`;
  return { asset, family: 'account', capability: 'admin' };
}

/**
 * From running code in Azure and Google Cloud to administering the subscription or project, where the identity that a
 * workload runs as does (attack-paths §4.12). In AWS and in clusters the rules of identities go step by step.
 */
export function workloadIdentitySteps(
  assets: Iterable<PathAsset>,
  estates: ReadonlyMap<string, PathEstate>,
): readonly AttackStep[] {
  const rule = stepRule('workload-identity');
  return [...assets].flatMap((asset): readonly AttackStep[] => {
    const { context, estate, privilege, type } = asset;
    if (estate === null || !/^(?:azure|gcp):/.test(estate) || familyOfType(type) !== 'workload') return [];
    if (!['P0', 'P1', 'P2'].includes(privilege.level) || privilege.reasons.length === 0) return [];
    const name = shownName(context.name);
    return [
      {
        rule: 'workload-identity',
        from: { asset: context.key, family: 'workload', capability: 'exec' },
        to: administratorOf(estate),
        probability: rule.probability,
        sentence: `${name} ${privilege.reasons[0]}, and so administers ${shownName(estates.get(estate)?.name ?? estate)}`,
        gates: [
          configuredGate(
            'setting',
            `${context.key} identity`,
            `take the rights from the identity of ${name}`,
            2,
          ),
        ],
        evidence: context.privilegedAccess.evidence,
        assumptions: [
          `What it administers is its own account, ${shownName(estates.get(estate)?.name ?? estate)}.`,
        ],
        technique: rule.technique,
      },
    ];
  });
}
