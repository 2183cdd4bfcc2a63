import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapItem } from './map-item.ts';

const PLACE = { account: '111111111111', region: 'eu-west-1' };
const STAGE_ARN = 'arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod';

function told(resourceType: string, more: JsonObject): readonly unknown[] {
  const mapped = mapItem({ configurationItemStatus: 'OK', resourceType, ...more }, PLACE);
  if ('reject' in mapped) return [mapped.reject];
  return mapped.observations.map((each) =>
    each.kind === 'resource'
      ? [each.type, each.name, each.facts]
      : [each.kind, 'resource' in each && each.resource.kind === 'cloud' ? each.resource.id : null],
  );
}

describe('an item of API Gateway', () => {
  it.each<readonly [title: string, type: string, item: JsonObject, expected: readonly unknown[]]>([
    [
      'a stage by its ARN',
      'AWS::ApiGateway::Stage',
      { ARN: STAGE_ARN, configuration: { stageName: 'prod', webAclArn: 'acl' } },
      ['api-stage', 'a1 prod', { Api: 'a1', Stage: 'prod', webAclArn: 'acl' }],
    ],
    [
      'a stage of the second version',
      'AWS::ApiGatewayV2::Stage',
      { resourceId: 'x', configuration: { ApiId: 'h1', StageName: '$default' } },
      ['api-stage', 'h1 $default', { Api: 'h1', Stage: '$default' }],
    ],
    [
      'a stage that is deleted',
      'AWS::ApiGateway::Stage',
      { ARN: STAGE_ARN, configurationItemStatus: 'ResourceDeleted' },
      ['gone', 'api-stage/a1 prod'],
    ],
    [
      'a method',
      'AWS::ApiGateway::Method',
      {
        resourceId: 'a1|p7|GET',
        configuration: {
          RestApiId: 'a1',
          ResourceId: 'p7',
          HttpMethod: 'GET',
          AuthorizationType: 'NONE',
          ApiKeyRequired: true,
          Integration: { Type: 'AWS_PROXY', Uri: 'arn:x', Credentials: 'role' },
        },
      },
      [
        'api-route',
        'a1 GET p7',
        {
          Api: 'a1',
          Route: 'GET p7',
          AuthorizationType: 'NONE',
          ApiKeyRequired: true,
          Integration: { type: 'AWS_PROXY', uri: 'arn:x' },
          IsAlone: true,
        },
      ],
    ],
    [
      'a route',
      'AWS::ApiGatewayV2::Route',
      {
        configuration: {
          ApiId: 'h1',
          RouteKey: 'GET /news',
          AuthorizationType: 'JWT',
          Target: 'integrations/i9',
        },
      },
      [
        'api-route',
        'h1 GET /news',
        { Api: 'h1', Route: 'GET /news', AuthorizationType: 'JWT', IntegrationId: 'i9', IsAlone: true },
      ],
    ],
    [
      'an integration',
      'AWS::ApiGatewayV2::Integration',
      {
        configuration: {
          ApiId: 'h1',
          IntegrationId: 'i9',
          IntegrationType: 'HTTP_PROXY',
          ConnectionId: 'v1',
        },
      },
      [
        'api-integration',
        'h1 i9',
        { Api: 'h1', IntegrationId: 'i9', Integration: { type: 'HTTP_PROXY', connectionId: 'v1' } },
      ],
    ],
  ])('tells %s', (_title, type, item, expected) => {
    expect(told(type, item)).toEqual([expected]);
  });

  it('of which a part of the name is missing is a resource like any other', () => {
    expect(
      told('AWS::ApiGateway::Method', { resourceId: 'm', configuration: { HttpMethod: 'GET' } }),
    ).toEqual([[expect.any(String), 'm', {}]]);
  });
});
