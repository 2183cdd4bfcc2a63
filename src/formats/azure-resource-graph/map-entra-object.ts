import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import {
  ENTRA_APPLICATION,
  ENTRA_CONSENT,
  ENTRA_MEMBERSHIP,
  ENTRA_PRINCIPAL,
  ENTRA_ROLE_ASSIGNMENT,
} from '#domain/resource/facts/azure-facts.ts';
import { type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';

const OBJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What an object of Microsoft Graph is, by its members; null for anything else. */
export function entraTypeOf(raw: JsonObject): string | null {
  if (asText(raw['consentType']) !== undefined)
    return asText(raw['clientId']) === undefined ? null : 'entra-consent';
  if (asText(raw['principalId']) !== undefined) {
    if (asText(raw['appRoleId']) !== undefined) return 'entra-role-assignment';
    if (asText(raw['groupId']) !== undefined)
      return asText(raw['accessId']) !== undefined && isEligibility(raw)
        ? 'entra-membership-eligibility'
        : null;
    const isDirectory =
      asText(raw['directoryScopeId']) !== undefined || asObject(raw['roleDefinition']) !== undefined;
    if (!isDirectory || asText(raw['roleDefinitionId']) === undefined) return null;
    return isEligibility(raw) ? 'entra-role-eligibility' : 'entra-role-assignment';
  }
  const id = asText(raw['id']);
  if (id === undefined || !OBJECT_ID.test(id)) return null;
  if (asText(raw['displayName']) === undefined && raw['@odata.type'] === undefined) return null;
  const told = asText(raw['@odata.type'])?.replace('#microsoft.graph.', '');
  if (told === 'user' || asText(raw['userPrincipalName']) !== undefined) return 'entra-user';
  if (told === 'servicePrincipal' || asText(raw['servicePrincipalType']) !== undefined)
    return 'entra-service-principal';
  if (told === 'application' || Array.isArray(raw['federatedIdentityCredentials']))
    return 'entra-application';
  if (told === 'group' || typeof raw['securityEnabled'] === 'boolean') return 'entra-group';
  return null;
}

/** An instance of a schedule names that; the schedule itself is told from one of an assignment by what that alone has. */
function isEligibility(raw: JsonObject): boolean {
  return (
    asText(raw['roleEligibilityScheduleId'] ?? raw['eligibilityScheduleId']) !== undefined ||
    (asObject(raw['scheduleInfo']) !== undefined && asText(raw['assignmentType']) === undefined)
  );
}

/** `az ad group member list` names its group nowhere; the file may be called after its object id. */
export function groupOfFile(fileName: string): string | undefined {
  return /group-member-list-([0-9a-f-]{36})/i.exec(fileName)?.[1]?.toLowerCase();
}

/**
 * A user, group, application, service principal, directory role, application permission, consent, or a membership that
 * may be switched on; null for anything else.
 */
export function mapEntraObject(raw: JsonObject, group: string | undefined): readonly Observation[] | null {
  const type = entraTypeOf(raw);
  if (type === null) return null;
  if (type === 'entra-role-assignment' || type === 'entra-role-eligibility') {
    const facts = {
      ...raw,
      roleName: asText(at(raw, 'roleDefinition', 'displayName')) ?? asText(raw['appRoleValue']),
    };
    const id = asText(raw['id']) ?? `${raw['principalId']}/${raw['roleDefinitionId'] ?? raw['appRoleId']}`;
    return [resource(type, `${type.replace('-', ':')}/${id}`, id, facts, ENTRA_ROLE_ASSIGNMENT)];
  }
  if (type === 'entra-membership-eligibility') {
    const id = asText(raw['id']) ?? `${raw['groupId']}/${raw['accessId']}/${raw['principalId']}`;
    return [resource(type, `entra:membership-eligibility/${id}`, id, raw, ENTRA_MEMBERSHIP)];
  }
  if (type === 'entra-consent') {
    const id = asText(raw['id']) ?? `${raw['clientId']}/${raw['principalId'] ?? raw['consentType']}`;
    return [resource(type, `entra:consent/${id}`, id, raw, ENTRA_CONSENT)];
  }
  const id = (asText(raw['id']) as string).toLowerCase();
  const name = asText(raw['userPrincipalName']) ?? asText(raw['displayName']) ?? id;
  if (type === 'entra-application')
    return [resource(type, entraId(id), name, { ...raw, id }, ENTRA_APPLICATION)];
  const principal = resource(type, entraId(id), name, { ...raw, id }, ENTRA_PRINCIPAL);
  if (group === undefined) return [principal];
  const membership = { groupId: group, principalId: id };
  return [
    principal,
    {
      ...resource(
        'entra-membership',
        `entra:${group}/member/${id}`,
        `${name} in ${group}`,
        membership,
        ENTRA_MEMBERSHIP,
      ),
      // Its place among all memberships, which lie in no subscription: the list of a group tells who left it.
      region: group,
    },
  ];
}

/** The id of a principal: an object id is unique over all tenants, and most reports tell no tenant. */
function entraId(objectId: string): string {
  return `entra:${objectId}`;
}

function resource(
  type: string,
  id: string,
  name: string,
  raw: JsonObject,
  shape: FactFields,
): ResourceObservation {
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'azure', id, type, name },
    type,
    name,
    facts: trimFacts(shape, raw),
  };
}
