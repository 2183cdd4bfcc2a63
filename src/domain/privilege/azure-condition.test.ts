import { describe, expect, it } from 'vitest';
import type { RiskState } from '../risk/detected-risk.ts';
import { azureConditionHolds } from './azure-condition.ts';

const GIVES = 'Microsoft.Authorization/roleAssignments/write';
const gives = { roleId: 'Role-1', principalId: 'p', principalType: undefined };
const given = (attribute: string) => `@Request[Microsoft.Authorization/roleAssignments:${attribute}]`;

describe('azureConditionHolds', () => {
  it.each<[condition: string, answer: RiskState]>([
    [`ActionMatches{'${GIVES}'}`, 'yes'],
    ["actionmatches { 'microsoft.authorization/*' }", 'yes'],
    ["ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}", 'no'],
    ["ActionMatches{''}", 'unknown'],
    ["SubOperationMatches{'Blob.List'}", 'unknown'],
    [`${given('RoleDefinitionId')} GuidEquals role-1`, 'yes'],
    [`${given('RoleDefinitionId')} GuidEquals 'role-2'`, 'no'],
    [`${given('RoleDefinitionId')} GuidNotEquals role-2`, 'yes'],
    [`${given('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {role-2, 'ROLE-1'}`, 'yes'],
    [`${given('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {role-2, role-3}`, 'no'],
    [`${given('RoleDefinitionId')} ForAnyOfAnyValues:GuidNotEquals {role-1, role-2}`, 'yes'],
    [`${given('RoleDefinitionId')} ForAnyOfAllValues:GuidNotEquals {role-1, role-2}`, 'no'],
    [`${given('RoleDefinitionId')} ForAllOfAllValues:GuidNotEquals {role-3,role-2}`, 'yes'],
    [`${given('RoleDefinitionId')} ForAllOfAnyValues:GuidEquals {role-3,role-1}`, 'yes'],
    [`${given('PrincipalId')}\n  ForAnyOfAnyValues:StringEquals {'p'}`, 'yes'],
    [`${given('PrincipalType')} StringEquals 'User'`, 'unknown'],
    [`${given('Description')} StringEquals 'User'`, 'unknown'],
    [`${given('RoleDefinitionId')} GuidLike 'role-1'`, 'unknown'],
    ['@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals role-1', 'unknown'],
    ['Exists @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:x]', 'unknown'],
    ['NOT Exists @Request[x]', 'unknown'],
  ])('%s: %s', (condition, answer) => {
    expect(azureConditionHolds(condition, { operation: GIVES, gives })).toBe(answer);
  });

  it('knows nothing of an assignment that an operation does not make', () => {
    const condition = `${given('RoleDefinitionId')} GuidEquals role-1`;
    expect(azureConditionHolds(condition, { operation: GIVES })).toBe('unknown');
  });
});
