import { familyOfType } from './asset-family.ts';
import type { AttackStep } from './attack-step.ts';
import { repositoryState } from './credential-steps.ts';
import { originState } from './origin.ts';
import type { PathAsset } from './path-facts.ts';
import type { State } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** Types of identities that nobody enters from outside by themselves. */
const IDENTITIES: readonly string[] = ['iam-user', 'iam-role', 'service-account'];

/** A resource, as far as it says what is held of it by whoever takes it. */
export type TakenThing = Pick<PathAsset, 'context' | 'type'>;

/** What whoever takes a resource holds of it; null of one of which rules have nothing to say. */
export function takenState({ context, type }: TakenThing): State | null {
  const asset = context.key;
  if (context.kind === 'repository') return repositoryState(asset, 'write');
  if (IDENTITIES.includes(type)) return { asset, family: 'principal', capability: 'use' };
  switch (familyOfType(type)) {
    case 'workload':
      return { asset, family: 'workload', capability: 'exec' };
    case 'datastore':
      return { asset, family: 'datastore', capability: 'admin' };
    default:
      return null;
  }
}

/** As if somebody had these resources: for asking what follows. */
export function takenSteps(assets: readonly TakenThing[]): readonly AttackStep[] {
  const { probability, technique } = stepRule('assumed-breach');
  return assets.flatMap((asset) => {
    const to = takenState(asset);
    if (to === null) return [];
    return [
      {
        rule: 'assumed-breach' as const,
        from: originState('any-employee'),
        to,
        probability,
        sentence: `Somebody has ${shownName(asset.context.name)}`,
        gates: [],
        evidence: [],
        assumptions: ['It was taken, whoever did that.'],
        technique,
      },
    ];
  });
}
