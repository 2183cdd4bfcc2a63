import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { API_INTEGRATION, API_ROUTE, API_STAGE } from '#domain/resource/facts/aws-network-facts.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { describeAwsLink } from '../reading/aws/aws-part.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';

/** What is said of one such item, of its members and of what names it; undefined where a part of its name is missing. */
type Read = (
  member: (name: string) => JsonValue | undefined,
  names: readonly string[],
) => { readonly type: string; readonly names: readonly (string | undefined)[]; readonly facts: JsonObject };

const READ: Readonly<Record<string, Read>> = {
  'AWS::ApiGateway::Stage': stage,
  'AWS::ApiGatewayV2::Stage': stage,
  // One item is one method: nothing says that it is all of them.
  'AWS::ApiGateway::Method': (member, [, path]) => {
    const api = asText(member('RestApiId'));
    const verb = asText(member('HttpMethod'));
    const at = asText(member('ResourceId')) ?? path;
    return {
      type: 'api-route',
      names: [api, verb, at],
      facts: trimFacts(API_ROUTE, {
        Api: api ?? null,
        Route: `${verb} ${at}`,
        AuthorizationType: member('AuthorizationType') ?? null,
        ApiKeyRequired: member('ApiKeyRequired') ?? null,
        Integration: integrationOf(asObject(member('Integration')) ?? {}),
        IsAlone: true,
      }),
    };
  },
  'AWS::ApiGatewayV2::Route': (member) => {
    const api = asText(member('ApiId'));
    const key = asText(member('RouteKey'));
    return {
      type: 'api-route',
      names: [api, key],
      facts: trimFacts(API_ROUTE, {
        Api: api ?? null,
        Route: key ?? null,
        AuthorizationType: member('AuthorizationType') ?? null,
        ApiKeyRequired: member('ApiKeyRequired') ?? null,
        IntegrationId: asText(member('Target'))?.replace(/^integrations\//, '') ?? null,
        IsAlone: true,
      }),
    };
  },
  'AWS::ApiGatewayV2::Integration': (member) => {
    const api = asText(member('ApiId'));
    const id = asText(member('IntegrationId')) ?? asText(member('Id'));
    const described = ['IntegrationType', 'IntegrationUri', 'ConnectionType', 'ConnectionId'];
    const all = Object.fromEntries(described.map((name) => [name, member(name) ?? null]));
    return {
      type: 'api-integration',
      names: [api, id],
      facts: trimFacts(API_INTEGRATION, {
        Api: api ?? null,
        IntegrationId: id ?? null,
        Integration: integrationOf(all),
      }),
    };
  },
};

/**
 * What an item of API Gateway says of an API beside the API itself: a stage, a method or route, what it leads to.
 * Undefined for items of other types, and for those of which a part of the name is missing.
 */
export function describeApiLink(
  configType: string | undefined,
  configuration: JsonObject,
  id: string | undefined,
  place: AwsPlace,
): ResourceObservation | undefined {
  const read = configType === undefined || !Object.hasOwn(READ, configType) ? undefined : READ[configType];
  if (read === undefined) return undefined;
  // Names are in other cases by the age of the type, and an item about what is deleted has its id alone.
  const members = new Map(Object.entries(configuration).map(([name, value]) => [name.toLowerCase(), value]));
  const { type, names, facts } = read((name) => members.get(name.toLowerCase()), namesOf(id ?? ''));
  if (names.includes(undefined)) return undefined;
  return describeAwsLink(type, names.join(' '), facts, place);
}

/** `arn:aws:apigateway:REGION::/restapis/API/stages/STAGE`, or the parts of an id of Cloud Control: `API|STAGE`. */
function namesOf(id: string): readonly string[] {
  const path = /^arn:[^/]*\/(?:restapis|apis)\/([^/]+)\/[a-z]+\/([^/]+)$/.exec(id);
  return path === null ? (id.includes('|') ? id.split('|') : []) : path.slice(1);
}

function stage(...[member, [apiOfId, nameOfId]]: Parameters<Read>): ReturnType<Read> {
  const api = asText(member('RestApiId')) ?? asText(member('ApiId')) ?? apiOfId;
  const name = asText(member('StageName')) ?? nameOfId;
  return {
    type: 'api-stage',
    names: [api, name],
    facts: trimFacts(API_STAGE, {
      Api: api ?? null,
      Stage: name ?? null,
      webAclArn: member('WebAclArn') ?? null,
    }),
  };
}

/** In the spelling of the first version of the service. */
function integrationOf(described: JsonObject): JsonObject {
  const text = (...names: readonly string[]): string | null =>
    names.map((name) => asText(described[name])).find((each) => each !== undefined) ?? null;
  return {
    type: text('Type', 'type', 'IntegrationType'),
    uri: text('Uri', 'uri', 'IntegrationUri'),
    connectionType: text('ConnectionType', 'connectionType'),
    connectionId: text('ConnectionId', 'connectionId'),
  };
}
