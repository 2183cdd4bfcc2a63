import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import {
  API_INTEGRATION,
  API_MAPPING,
  API_ROUTE,
  API_STAGE,
} from '#domain/resource/facts/aws-network-facts.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { describeAwsLink } from '../reading/aws/aws-part.ts';
import type { Asked } from './asked.ts';
import type { ListCall } from './list-call.ts';
import { requestParameter } from './request-parameter.ts';

/**
 * Lists of API Gateway, of both versions of the service. What belongs to an API does not repeat its id: the
 * file's name does (`apigateway-get-resources-{api}.json`, `apigatewayv2-get-routes-{api}.json`).
 */
export const API_CALLS: readonly ListCall[] = [
  { key: 'items', type: 'rest-api', proof: ['id', 'apiKeySource'], unit: 'record', respelled: restApi },
  { key: 'items', type: 'vpc-link', proof: ['id', 'targetArns'], unit: 'record' },
  {
    key: 'items',
    type: null,
    proof: ['id', 'path'],
    unit: 'record',
    describe: methods,
    whole: routesDescribed,
  },
  { key: 'items', type: null, proof: ['basePath', 'restApiId'], unit: 'record', describe: mapping },
  { key: 'items', type: 'api-domain', proof: ['domainName'], unit: 'record', respelled: domain },
  { key: 'item', type: null, proof: ['stageName'], unit: 'record', describe: stage, whole: stagesDescribed },
  { key: 'Items', type: 'http-api', proof: ['ApiId', 'ProtocolType'], unit: 'record' },
  { key: 'Items', type: null, proof: ['RouteKey'], unit: 'record', describe: route, whole: routesDescribed },
  {
    key: 'Items',
    type: null,
    proof: ['IntegrationId', 'IntegrationType'],
    unit: 'record',
    describe: integration,
  },
  { key: 'Items', type: null, proof: ['StageName'], unit: 'record', describe: stage, whole: stagesDescribed },
  { key: 'Items', type: null, proof: ['ApiMappingId', 'ApiId'], unit: 'record', describe: mapping },
  { key: 'Items', type: 'api-domain', proof: ['DomainName'], unit: 'record' },
];

/** A policy comes with its quotes escaped once more; an API without one has none. */
function restApi(element: JsonValue): JsonObject {
  const api = asObject(element) ?? {};
  const text = asText(api['policy']);
  const policy = text === undefined ? { Statement: [] } : text.replaceAll('\\"', '"');
  return { ...api, policy };
}

function domain(element: JsonValue): JsonObject {
  const described = asObject(element) ?? {};
  return { ...described, DomainName: described['domainName'] ?? null };
}

function methods(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-resources');
  const path = asText(element['path']) ?? '';
  if (api === undefined) return [];
  return Object.entries(asObject(element['resourceMethods']) ?? {}).map(([verb, described]) => {
    const method = asObject(described) ?? {};
    return describeAwsLink(
      'api-route',
      `${api} ${verb} ${path}`,
      trimFacts(API_ROUTE, {
        Api: api,
        Route: `${verb} ${path}`,
        AuthorizationType: method['authorizationType'] ?? null,
        ApiKeyRequired: method['apiKeyRequired'] ?? null,
        Integration: method['methodIntegration'] ?? null,
      }),
      place,
    );
  });
}

function route(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-routes');
  const key = asText(element['RouteKey']);
  if (api === undefined || key === undefined) return [];
  const target = asText(element['Target'])?.replace(/^integrations\//, '');
  return [
    describeAwsLink(
      'api-route',
      `${api} ${key}`,
      trimFacts(API_ROUTE, {
        Api: api,
        Route: key,
        AuthorizationType: element['AuthorizationType'] ?? null,
        ApiKeyRequired: element['ApiKeyRequired'] ?? null,
        IntegrationId: target ?? null,
      }),
      place,
    ),
  ];
}

/** An API without routes is described too. */
function routesDescribed({ place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-routes') ?? requestParameter(fileName, 'get-resources');
  return api === undefined ? [] : [describeAwsLink('api-route', api, { Api: api }, place)];
}

function integration(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-integrations');
  const id = asText(element['IntegrationId']);
  if (api === undefined || id === undefined) return [];
  return [
    describeAwsLink(
      'api-integration',
      `${api} ${id}`,
      trimFacts(API_INTEGRATION, {
        Api: api,
        IntegrationId: id,
        Integration: {
          type: element['IntegrationType'] ?? null,
          uri: element['IntegrationUri'] ?? null,
          connectionType: element['ConnectionType'] ?? null,
          connectionId: element['ConnectionId'] ?? null,
        },
      }),
      place,
    ),
  ];
}

function stage(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-stages');
  const name = asText(element['stageName']) ?? asText(element['StageName']);
  return api === undefined || name === undefined
    ? []
    : [
        describeAwsLink(
          'api-stage',
          `${api} ${name}`,
          trimFacts(API_STAGE, { Api: api, Stage: name, webAclArn: element['webAclArn'] ?? null }),
          place,
        ),
      ];
}

function stagesDescribed({ place, fileName }: Asked): readonly Observation[] {
  const api = requestParameter(fileName, 'get-stages');
  return api === undefined ? [] : [describeAwsLink('api-stage', api, { Api: api }, place)];
}

function mapping(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const name =
    requestParameter(fileName, 'get-api-mappings') ?? requestParameter(fileName, 'get-base-path-mappings');
  const api = asText(element['ApiId']) ?? asText(element['restApiId']);
  return api === undefined || name === undefined
    ? []
    : [
        describeAwsLink(
          'api-mapping',
          `${name} ${api}`,
          trimFacts(API_MAPPING, { Api: api, DomainName: name }),
          place,
        ),
      ];
}
