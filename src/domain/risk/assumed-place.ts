import type { ResourceContext } from './deployment.ts';
import type { RiskVerdict } from './detected-risk.ts';

/** A verdict that rests on an assumed join says so where it is certain; null where the join is exact. */
export function assumedVerdict(verdict: RiskVerdict, assumed: string | null): RiskVerdict {
  if (assumed === null || verdict.state === 'unknown') return verdict;
  const said = { sentence: assumed, provenance: 'inventory', at: null };
  return { ...verdict, evidence: [...verdict.evidence, said] };
}

/**
 * A place where a finding is only assumed to be deployed: what is certain of the place rests on the join, and says so
 * (attack-paths §1.1). Null where the join is exact.
 */
export function assumedPlace(place: ResourceContext, assumed: string | null): ResourceContext {
  if (assumed === null) return place;
  const told = (verdict: RiskVerdict): RiskVerdict => assumedVerdict(verdict, assumed);
  return {
    ...place,
    publiclyAccessible: told(place.publiclyAccessible),
    privilegedAccess: told(place.privilegedAccess),
    underAttack: told(place.underAttack),
    production: told(place.production),
  };
}
