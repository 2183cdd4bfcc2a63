import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapRequest } from './map-request.ts';

const REGIONAL = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/1';
const GLOBAL = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/1';

function signalOf(record: JsonObject) {
  const item = mapRequest(
    { timestamp: 1790000000000, webaclId: REGIONAL, action: 'BLOCK', terminatingRuleId: 'geo', ...record },
    '[0]',
  );
  const [signal] = item.kind === 'record' ? item.observations : [];
  if (signal?.kind !== 'signal') throw new Error('no signal');
  return signal;
}

it.each<[string, JsonObject, string]>([
  [
    'a load balancer',
    { httpSourceName: 'ALB', httpSourceId: '222222222222-app/shop/0a1b' },
    'arn:aws:elasticloadbalancing:eu-west-1:222222222222:loadbalancer/app/shop/0a1b',
  ],
  [
    'a load balancer whose name has a dash',
    { httpSourceName: 'ALB', httpSourceId: '222222222222-app/the-shop/0a1b' },
    'arn:aws:elasticloadbalancing:eu-west-1:222222222222:loadbalancer/app/the-shop/0a1b',
  ],
  [
    'a load balancer in China',
    {
      webaclId: 'arn:aws-cn:wafv2:cn-north-1:111111111111:regional/webacl/a/1',
      httpSourceName: 'ALB',
      httpSourceId: '222222222222-app/shop/0a1b',
    },
    'arn:aws-cn:elasticloadbalancing:cn-north-1:222222222222:loadbalancer/app/shop/0a1b',
  ],
  [
    'one that is no load balancer for applications',
    { httpSourceName: 'ALB', httpSourceId: '1-net/x' },
    REGIONAL,
  ],
  [
    'an API',
    { httpSourceName: 'APIGW', httpSourceId: '111111111111:abc123:prod' },
    'arn:aws:apigateway:eu-west-1::/restapis/abc123',
  ],
  ['an API without its id', { httpSourceName: 'APIGW', httpSourceId: '111111111111' }, REGIONAL],
  [
    'a distribution',
    { webaclId: GLOBAL, httpSourceName: 'CF', httpSourceId: 'E1ABC' },
    'arn:aws:cloudfront::111111111111:distribution/E1ABC',
  ],
  ['a distribution without its id', { webaclId: GLOBAL, httpSourceName: 'CF', httpSourceId: '' }, GLOBAL],
  ['what has an ARN', { httpSourceId: 'arn:aws:x:::y' }, 'arn:aws:x:::y'],
  ['what is not told', { httpSourceName: '-', httpSourceId: '-' }, REGIONAL],
])('the web ACL stands in front of %s', (_, record, id) => {
  expect(signalOf(record).resources).toMatchObject([{ kind: 'cloud', provider: 'aws', id }]);
});

it.each<[string, JsonObject, string]>([
  ['blocked', { action: 'BLOCK' }, 'geo (blocked)'],
  ['stopped for now', { action: 'CAPTCHA' }, 'geo (captcha)'],
  [
    'let through',
    { action: 'ALLOW', terminatingRuleMatchDetails: [{ conditionType: 'SQL_INJECTION' }] },
    'geo (let through)',
  ],
])('a request that was %s says so', (_, record, title) => {
  expect(signalOf(record).title).toBe(title);
});

it('what spans the world has no region; hosts are told once, whichever way', () => {
  expect(signalOf({ webaclId: GLOBAL })).toMatchObject({ account: '111111111111', region: undefined });
  expect(signalOf({})).toMatchObject({ account: '111111111111', region: 'eu-west-1' });
  const headers = [
    { name: 'HOST', value: 'shop.example.com' },
    { name: 'accept', value: 'x' },
    { name: 'host' },
  ];
  expect(
    signalOf({ httpRequest: { headers, host: 'shop.example.com', clientIp: '203.0.113.9' } }),
  ).toMatchObject({
    names: ['shop.example.com'],
    sourceAddress: '203.0.113.9',
  });
});

it.each<[string, JsonObject, string]>([
  ['a time', { timestamp: 'x', webaclId: REGIONAL }, 'timestamp'],
  ['a web ACL', { timestamp: 1790000000000 }, 'webaclId'],
])('without %s it is rejected', (_, record, member) => {
  expect(mapRequest(record, '[0]')).toMatchObject({
    kind: 'reject',
    message: expect.stringContaining(`"${member}"`),
  });
});

it.each([
  ['SQLi_BODY', true],
  ['NoUserAgent_HEADER', false],
])('a request that %s alone counted is an attack: %s', (ruleId, isAttack) => {
  const counted = [{ ruleId, action: 'COUNT' }];
  const told = { action: 'ALLOW', terminatingRuleId: 'Default_Action', nonTerminatingMatchingRules: counted };
  expect(signalOf(told)).toMatchObject({ isAttack });
});
