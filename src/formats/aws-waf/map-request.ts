import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { accountNumber, parseArn } from '../reading/aws/aws-names.ts';
import { worstRule } from './matched-rule.ts';

/** One request as WAF logged it; one that met no rule says nothing. */
export function mapRequest(record: JsonObject, place: string): ReportItem {
  const time = parseInstant(record.timestamp);
  const acl = asText(record.webaclId);
  if (time === null || acl === undefined) {
    const message = `Expected a record of AWS WAF with "${time === null ? 'timestamp' : 'webaclId'}", found none that can be read.`;
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const matched = worstRule(record);
  if (matched === null) return { kind: 'record', at: place, observations: [] };
  const arn = parseArn(acl);
  const account = accountNumber(arn?.account);
  const region = arn?.resource.startsWith('global/') === true ? undefined : arn?.region || undefined;
  const request = asObject(record.httpRequest) ?? {};
  const hosts = [
    ...asObjects(request.headers).flatMap((header) =>
      asText(header.name)?.toLowerCase() === 'host' ? (asText(header.value) ?? []) : [],
    ),
    ...(asText(request.host) === undefined ? [] : [request.host as string]),
  ];
  const action = (asText(record.action) ?? 'allow').slice(0, 20).toLowerCase();
  const front = frontOf(record, arn?.partition ?? 'aws', account, region);
  const signal: SignalObservation = {
    kind: 'signal',
    tool: 'aws-waf',
    rule: matched.rule,
    title: `${matched.rule} (${action === 'block' ? 'blocked' : action === 'allow' ? 'let through' : action})`,
    severity: matched.severity,
    firstAt: time,
    lastAt: time,
    count: 1,
    resources: [
      front ?? {
        kind: 'cloud',
        provider: 'aws',
        id: acl,
        type: 'web-acl',
        ...(account === undefined ? {} : { account }),
      },
    ],
    names: [...new Set(hosts)],
    isOnService: true,
    watches: 'resources',
    account,
    region,
    ...(matched.techniques.length === 0 ? {} : { techniques: matched.techniques }),
    sourceAddress: asText(request.clientIp),
    isAttack: matched.whyNoAttack === null,
    ...(matched.whyNoAttack === null ? {} : { whyNoAttack: matched.whyNoAttack }),
  };
  return { kind: 'record', at: place, observations: [signal] };
}

/** What the web ACL stands in front of: `httpSourceId` in the spelling of each kind of source. */
function frontOf(
  record: JsonObject,
  partition: string,
  account: string | undefined,
  region: string | undefined,
): ResourceDescription | null {
  const source = asText(record.httpSourceId) ?? '';
  const where = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const cloud = (id: string, type: string): ResourceDescription => ({
    kind: 'cloud',
    provider: 'aws',
    id,
    type,
    ...where,
  });
  if (source.startsWith('arn:')) return cloud(source, 'aws-resource');
  const [owner = '', ...rest] = source.includes(':') ? source.split(':') : source.split('-');
  const own = accountNumber(owner) ?? account;
  switch (asText(record.httpSourceName)) {
    case 'ALB': {
      const name = rest.join('-');
      return own === undefined || region === undefined || !name.startsWith('app/')
        ? null
        : cloud(
            `arn:${partition}:elasticloadbalancing:${region}:${own}:loadbalancer/${name}`,
            'load-balancer',
          );
    }
    case 'APIGW':
      return region === undefined || rest[0] === undefined
        ? null
        : cloud(`arn:${partition}:apigateway:${region}::/restapis/${rest[0]}`, 'rest-api');
    case 'CF':
      return own === undefined || source === ''
        ? null
        : cloud(`arn:${partition}:cloudfront::${own}:distribution/${source}`, 'cloudfront-distribution');
    default:
      return null;
  }
}
