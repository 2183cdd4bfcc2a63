import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import { statementsOf } from '../aws-policy-statement.ts';

/**
 * What a session policy leaves of whatever rights a session has (attack-paths §3.1, step 7), as far as it tells that by
 * itself: all of them, none, or some, of which each right would have to be asked.
 */
export function leftBySession(policy: PolicyFacts): 'all' | 'some' | 'none' {
  const statements = statementsOf(policy);
  if (statements.every(({ allows }) => !allows)) return 'none';
  const leavesAll = statements.every(({ allows }) => allows) && statements.some(isUnlimited);
  return leavesAll ? 'all' : 'some';
}

function isUnlimited({ actions, resources, condition }: ReturnType<typeof statementsOf>[number]): boolean {
  const isEverything = ({ patterns, except }: typeof actions): boolean => !except && patterns.includes('*');
  return isEverything(actions) && resources !== null && isEverything(resources) && condition === null;
}
