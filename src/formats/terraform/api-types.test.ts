import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { resourcesIn, verdicts } from './terraform.test-sample.ts';

interface Made {
  readonly type: string;
  readonly values: JsonObject;
}

const made = (type: string, values: JsonObject): Made => ({ type, values });

/** Resources of one state. */
async function state(...resources: readonly Made[]) {
  return resourcesIn(
    JSON.stringify({
      format_version: '1.0',
      terraform_version: '1.9.8',
      values: {
        root_module: {
          resources: resources.map(({ type, values }, index) => ({
            address: `${type}.r${index}`,
            mode: 'managed',
            type,
            name: `r${index}`,
            provider_name: 'registry.terraform.io/hashicorp/aws',
            values,
          })),
        },
      },
    }),
  );
}

const CALLER = made('aws_lambda_function', {
  function_name: 'orders',
  arn: 'arn:aws:lambda:eu-west-1:111111111111:function:orders',
});
const REST = made('aws_api_gateway_rest_api', {
  id: 'a1',
  arn: 'arn:aws:apigateway:eu-west-1::/restapis/a1',
  name: 'shop',
  endpoint_configuration: [{ types: ['REGIONAL'] }],
  policy: '',
});
const PATH = made('aws_api_gateway_resource', { id: 'p7', rest_api_id: 'a1', path: '/orders' });
const STAGE = made('aws_api_gateway_stage', { rest_api_id: 'a1', stage_name: 'prod' });
const method = (authorization: string, more: JsonObject = {}): Made =>
  made('aws_api_gateway_method', {
    rest_api_id: 'a1',
    resource_id: 'p7',
    http_method: 'GET',
    authorization,
    api_key_required: false,
    ...more,
  });
const HTTP = made('aws_apigatewayv2_api', {
  id: 'h1',
  arn: 'arn:aws:apigateway:eu-west-1::/apis/h1',
  name: 'news',
  protocol_type: 'HTTP',
});
const route = (authorization_type: string, more: JsonObject = {}): Made =>
  made('aws_apigatewayv2_route', { api_id: 'h1', route_key: 'GET /news', authorization_type, ...more });
const V2_STAGE = made('aws_apigatewayv2_stage', { api_id: 'h1', name: '$default' });

const REST_KEY = 'aws:arn:aws:apigateway:eu-west-1::/restapis/a1';
const HTTP_KEY = 'aws:arn:aws:apigateway:eu-west-1::/apis/h1';

describe('an API of a state', () => {
  type Row = readonly [title: string, key: string, state: string, ...resources: Made[]];
  test.each<Row>([
    ['with a method for everybody', REST_KEY, 'yes', REST, PATH, method('NONE'), STAGE],
    [
      'with a method behind a key',
      REST_KEY,
      'yes',
      REST,
      PATH,
      method('NONE', { api_key_required: true }),
      STAGE,
    ],
    ['with a method for everybody before its API', REST_KEY, 'yes', STAGE, method('NONE'), PATH, REST],
    ['with a method behind IAM may have others', REST_KEY, 'unknown', REST, PATH, method('AWS_IAM'), STAGE],
    ['whose methods stand in a document', REST_KEY, 'unknown', REST, STAGE],
    ['of which no stage is told', REST_KEY, 'unknown', REST, PATH, method('NONE')],
    [
      'whose deployment makes its stage',
      REST_KEY,
      'yes',
      REST,
      method('NONE'),
      made('aws_api_gateway_deployment', { rest_api_id: 'a1', stage_name: 'prod' }),
    ],
    [
      'whose policy admits an office alone',
      REST_KEY,
      'no',
      REST,
      method('NONE'),
      STAGE,
      made('aws_api_gateway_rest_api_policy', {
        rest_api_id: 'a1',
        policy: JSON.stringify({
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'execute-api:Invoke',
              Resource: '*',
              Condition: { IpAddress: { 'aws:SourceIp': '1.1.1.1/32' } },
            },
          ],
        }),
      }),
    ],
    ['with a route for everybody', HTTP_KEY, 'yes', HTTP, route('NONE'), V2_STAGE],
    ['with a route behind a token may have others', HTTP_KEY, 'unknown', HTTP, route('JWT'), V2_STAGE],
    [
      'with its default endpoint off, and a domain',
      HTTP_KEY,
      'yes',
      made(HTTP.type, { ...HTTP.values, disable_execute_api_endpoint: true }),
      route('NONE'),
      V2_STAGE,
      made('aws_apigatewayv2_domain_name', { domain_name: 'news.example' }),
      made('aws_apigatewayv2_api_mapping', { api_id: 'h1', domain_name: 'news.example' }),
    ],
    [
      'with its default endpoint off, and a domain with client certificates',
      HTTP_KEY,
      'no',
      made(HTTP.type, { ...HTTP.values, disable_execute_api_endpoint: true }),
      route('NONE'),
      V2_STAGE,
      made('aws_apigatewayv2_domain_name', {
        domain_name: 'news.example',
        mutual_tls_authentication: [{ truststore_uri: 's3://ca/ca.pem' }],
      }),
      made('aws_apigatewayv2_api_mapping', { api_id: 'h1', domain_name: 'news.example' }),
    ],
  ])('%s: %s %s', async (...row) => {
    const [, key, expected, ...resources] = row as unknown as Row;
    expect(verdicts(await state(CALLER, ...resources))[key]?.[0]).toBe(expected);
  });

  test('tells each method by its path, and what it leads to', async () => {
    const links = (
      await state(
        CALLER,
        REST,
        method('CUSTOM'),
        method('NONE', { resource_id: 'root' }),
        made('aws_api_gateway_integration', {
          rest_api_id: 'a1',
          resource_id: 'p7',
          http_method: 'GET',
          type: 'AWS_PROXY',
          uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:orders/invocations',
        }),
        PATH,
        HTTP,
        route('NONE', { target: 'integrations/i9' }),
        made('aws_apigatewayv2_integration', {
          id: 'i9',
          api_id: 'h1',
          integration_type: 'HTTP_PROXY',
          integration_uri: 'https://news.internal',
          connection_type: 'VPC_LINK',
          connection_id: 'v1',
        }),
      )
    ).filter(({ type }) => /^api-(?:route|integration)$/.test(type ?? ''));
    const told = links.map(({ facts }) => ({ ...facts }));
    const integrations = new Map(
      told.flatMap((each) =>
        each['Integration'] === undefined
          ? []
          : [[`${each['Api']} ${each['IntegrationId']}`, each['Integration']] as const],
      ),
    );
    const led = told.flatMap((each) =>
      each['Route'] === undefined
        ? []
        : [
            [
              each['Route'],
              each['AuthorizationType'],
              integrations.get(`${each['Api']} ${each['IntegrationId']}`),
            ],
          ],
    );
    expect(led).toEqual([
      ['GET /orders', 'CUSTOM', expect.objectContaining({ type: 'AWS_PROXY' })],
      ['GET root', 'NONE', undefined],
      [
        'GET /news',
        'NONE',
        { type: 'HTTP_PROXY', uri: 'https://news.internal', connectionType: 'VPC_LINK', connectionId: 'v1' },
      ],
    ]);
  });

  test('opens what stands behind its methods', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:111111111111:function:orders';
    const found = verdicts(
      await state(
        CALLER,
        made('aws_lambda_permission', {
          function_name: 'orders',
          statement_id: 'api',
          action: 'lambda:InvokeFunction',
          principal: 'apigateway.amazonaws.com',
          source_arn: 'arn:aws:execute-api:eu-west-1:111111111111:a1/*',
        }),
        REST,
        PATH,
        method('NONE'),
        STAGE,
        made('aws_api_gateway_integration', {
          rest_api_id: 'a1',
          resource_id: 'p7',
          http_method: 'GET',
          type: 'AWS_PROXY',
          uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
        }),
      ),
    );
    expect(found[`aws:${arn}`]?.[0]).toBe('yes');
  });

  test('of which a part is not known yet tells no link', async () => {
    expect(
      (await state(CALLER, made('aws_api_gateway_method', { rest_api_id: 'a1' }))).map(({ type }) => type),
    ).toEqual(['lambda-function']);
  });
});
