import type { JsonObject } from '#base/json-value.ts';
import { added, type Piece, type ReadValues, resource } from './piece.ts';
import { block, isTrue, known, policy, renamed, text, texts } from './values.ts';

/**
 * Types of the AWS provider that make APIs of API Gateway, of both versions of the service: whom each method asks, where
 * it is deployed, what it leads to, and which web ACLs stand in front. Others may make methods of the same API, so each is told by itself.
 */
export const API_TYPES: Readonly<Record<string, ReadValues>> = {
  aws_api_gateway_rest_api: (values) =>
    resource(
      'rest-api',
      known({
        ...renamed(values, {
          id: 'id',
          name: 'name',
          disableExecuteApiEndpoint: 'disable_execute_api_endpoint',
        }),
        policy: policy(values, 'policy')['Policy'],
        endpointConfiguration: known({ types: texts(block(values, 'endpoint_configuration'), 'types') }),
      }),
    ),
  aws_api_gateway_rest_api_policy: (values) =>
    added('rest-api', text(values, 'rest_api_id'), known({ policy: policy(values, 'policy')['Policy'] })),
  aws_api_gateway_resource: (values) => {
    const [id, path] = [text(values, 'id'), text(values, 'path')];
    return id === undefined || path === undefined ? [] : [{ is: 'spelling', id, text: path }];
  },
  aws_api_gateway_method: (values) => {
    const [api, path, verb] = [
      text(values, 'rest_api_id'),
      text(values, 'resource_id'),
      text(values, 'http_method'),
    ];
    return link('api-route', [api, verb, path], {
      Api: api,
      // The root of an API has an id like every other path, and no resource of its own.
      Route: `${verb} ${path}`,
      AuthorizationType: text(values, 'authorization'),
      ApiKeyRequired: isTrue(values, 'api_key_required'),
      IntegrationId: `${verb} ${path}`,
      IsAlone: true,
    });
  },
  aws_api_gateway_integration: (values) => {
    const [api, path, verb] = [
      text(values, 'rest_api_id'),
      text(values, 'resource_id'),
      text(values, 'http_method'),
    ];
    return link('api-integration', [api, verb, path], {
      Api: api,
      IntegrationId: `${verb} ${path}`,
      Integration: renamed(values, {
        type: 'type',
        uri: 'uri',
        connectionType: 'connection_type',
        connectionId: 'connection_id',
      }),
    });
  },
  aws_api_gateway_stage: (values) => {
    const [api, name] = [text(values, 'rest_api_id'), text(values, 'stage_name')];
    return link('api-stage', [api, name], { Api: api, Stage: name, webAclArn: text(values, 'web_acl_arn') });
  },
  // Until it was taken away, a deployment could make its stage.
  aws_api_gateway_deployment: (values) => {
    const [api, name] = [text(values, 'rest_api_id'), text(values, 'stage_name')];
    return link('api-stage', [api, name], { Api: api, Stage: name });
  },
  aws_api_gateway_domain_name: (values) =>
    resource(
      'api-domain',
      known({
        DomainName: text(values, 'domain_name'),
        mutualTlsAuthentication: renamed(block(values, 'mutual_tls_authentication'), {
          truststoreUri: 'truststore_uri',
        }),
      }),
    ),
  aws_api_gateway_base_path_mapping: mapping,
  aws_api_gateway_vpc_link: (values) =>
    resource(
      'vpc-link',
      known({ ...renamed(values, { id: 'id', name: 'name' }), targetArns: texts(values, 'target_arns') }),
    ),
  aws_apigatewayv2_api: (values) =>
    resource(
      'http-api',
      renamed(values, {
        ApiId: 'id',
        Name: 'name',
        ProtocolType: 'protocol_type',
        ApiEndpoint: 'api_endpoint',
        DisableExecuteApiEndpoint: 'disable_execute_api_endpoint',
      }),
    ),
  aws_apigatewayv2_route: (values) => {
    const [api, key] = [text(values, 'api_id'), text(values, 'route_key')];
    return link('api-route', [api, key], {
      Api: api,
      Route: key,
      AuthorizationType: text(values, 'authorization_type'),
      ApiKeyRequired: isTrue(values, 'api_key_required'),
      IntegrationId: text(values, 'target')?.replace(/^integrations\//, ''),
      IsAlone: true,
    });
  },
  aws_apigatewayv2_integration: (values) => {
    const [api, id] = [text(values, 'api_id'), text(values, 'id')];
    return link('api-integration', [api, id], {
      Api: api,
      IntegrationId: id,
      Integration: renamed(values, {
        type: 'integration_type',
        uri: 'integration_uri',
        connectionType: 'connection_type',
        connectionId: 'connection_id',
      }),
    });
  },
  aws_apigatewayv2_stage: (values) => {
    const [api, name] = [text(values, 'api_id'), text(values, 'name')];
    return link('api-stage', [api, name], { Api: api, Stage: name });
  },
  aws_apigatewayv2_domain_name: (values) =>
    resource(
      'api-domain',
      known({
        DomainName: text(values, 'domain_name'),
        MutualTlsAuthentication: renamed(block(values, 'mutual_tls_authentication'), {
          TruststoreUri: 'truststore_uri',
        }),
      }),
    ),
  aws_apigatewayv2_api_mapping: mapping,
  aws_wafv2_web_acl_association: (values) => {
    const [acl, arn] = [text(values, 'web_acl_arn'), text(values, 'resource_arn')];
    return link('web-acl-association', [acl, arn], { WebAcl: acl, ResourceArn: arn });
  },
};

function mapping(values: JsonObject): readonly Piece[] {
  const [api, domain] = [text(values, 'api_id'), text(values, 'domain_name')];
  return link('api-mapping', [domain, api], { Api: api, DomainName: domain });
}

/** Nothing where a part of its name is not known yet. */
function link(
  type: string,
  names: readonly (string | undefined)[],
  facts: Parameters<typeof known>[0],
): readonly Piece[] {
  return names.includes(undefined) ? [] : [{ is: 'link', type, name: names.join(' '), facts: known(facts) }];
}
