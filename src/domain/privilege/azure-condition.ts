import { conditionAnswer } from '../exposure/condition-expression.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import { matchesOperation } from './azure-role-operations.ts';

/** What a condition of a role assignment is asked about. */
interface ConditionSubject {
  readonly operation: string;
  /** The assignment that the operation would make, where it makes one. */
  readonly gives?: {
    readonly roleId: string;
    readonly principalId: string;
    readonly principalType: string | undefined;
  };
}

/**
 * Whether a condition lets an operation through (attack-paths §3.3: unless conditioned): it narrows the operations that it names,
 * and no other. Of what it compares, the assignment that would be made is known; attributes of data, of callers and of networks are not.
 */
export function azureConditionHolds(condition: string, subject: ConditionSubject): RiskState {
  return conditionAnswer(
    condition,
    (comparison) => byOperation(comparison, subject) ?? byGift(comparison, subject) ?? 'unknown',
  );
}

function byOperation(comparison: string, { operation }: ConditionSubject): RiskState | undefined {
  const pattern = /^ActionMatches ?\{ ?'([^']+)' ?\}$/i.exec(comparison)?.[1];
  if (pattern === undefined) return undefined;
  return matchesOperation(pattern, operation) ? 'yes' : 'no';
}

const GIFT =
  /^@Request\[Microsoft\.Authorization\/roleAssignments:(RoleDefinitionId|PrincipalId|PrincipalType)\] (?:ForA(?:ny|ll)Of(Any|All)Values:)?(?:Guid|String)(Not)?Equals(?:IgnoreCase)? (?:\{([^}]*)\}|('[^']*'|[\w-]+))$/i;

function byGift(comparison: string, { gives }: ConditionSubject): RiskState | undefined {
  const [, attribute, quantity, not, list, one] = GIFT.exec(comparison) ?? [];
  if (attribute === undefined || gives === undefined) return undefined;
  const own = {
    roledefinitionid: gives.roleId,
    principalid: gives.principalId,
    principaltype: gives.principalType,
  }[attribute.toLowerCase()]?.toLowerCase();
  if (own === undefined) return undefined;
  const values = (list ?? one ?? '')
    .split(',')
    .map((text) => text.trim().replace(/^'|'$/g, '').toLowerCase());
  const fits = (value: string): boolean => (value === own) === (not === undefined);
  const holds = quantity?.toLowerCase() === 'all' ? values.every(fits) : values.some(fits);
  return holds ? 'yes' : 'no';
}
