import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  expose,
  group,
  instance,
  NETWORK,
  NO_BALANCERS,
  PUBLIC_ROUTES,
  resource,
  routes,
  tcp,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const ENDPOINT: JsonObject = { GatewayId: 'vpce-1', State: 'active' };
const INSPECTED: readonly EstateResource[] = [
  ...NETWORK.filter((each) => each !== PUBLIC_ROUTES),
  ...NO_BALANCERS,
  routes('rtb-1', [{ SubnetId: 'subnet-1' }], { DestinationCidrBlock: '0.0.0.0/0', ...ENDPOINT }),
  routes('rtb-edge', [{ GatewayId: 'igw-1' }], { DestinationCidrBlock: '10.0.0.0/24', ...ENDPOINT }),
  group('sg-web', tcp(22, '0.0.0.0/0')),
];
const FIREWALL = resource('network-firewall', 'edge', {
  FirewallArn: 'arn:aws:network-firewall:eu-west-1:111111111111:firewall/edge',
  FirewallPolicyArn: 'arn:aws:network-firewall:eu-west-1:111111111111:firewall-policy/p',
  EndpointIds: ['vpce-0', 'vpce-1'],
});
const policy = (facts: JsonObject) =>
  resource('network-firewall-policy', 'p', {
    FirewallPolicyArn: 'arn:aws:network-firewall:eu-west-1:111111111111:firewall-policy/p',
    RuleGroups: 0,
    ...facts,
  });
const FORWARD = ['aws:forward_to_sfe'];

describe('an instance behind a firewall of AWS', () => {
  it.each<readonly [title: string, verdict: string, ...others: EstateResource[]]>([
    [
      'that was not described',
      'unknown: the firewall of vpce-1, which inspects what reaches subnet-1: aws network-firewall describe-firewall --firewall-name NAME',
    ],
    [
      'of another endpoint',
      'unknown: the firewall of vpce-1, which inspects what reaches subnet-1: aws network-firewall describe-firewall --firewall-name NAME',
      { ...FIREWALL, facts: { ...FIREWALL.facts, EndpointIds: ['vpce-2'] } },
      policy({ StatelessDefaultActions: ['aws:pass'] }),
    ],
    [
      'without its policy',
      'unknown: the policy of firewall edge: aws network-firewall describe-firewall-policy --firewall-policy-arn arn:aws:network-firewall:eu-west-1:111111111111:firewall-policy/p',
      FIREWALL,
    ],
    [
      'with groups of rules',
      'unknown: what the rules of firewall policy p let through to subnet-1; no inventory that is read here tells it',
      FIREWALL,
      policy({ StatelessDefaultActions: ['aws:pass'], RuleGroups: 1 }),
    ],
    [
      'with an unknown number of groups of rules',
      'unknown: what the rules of firewall policy p let through to subnet-1; no inventory that is read here tells it',
      FIREWALL,
      policy({ StatelessDefaultActions: ['aws:pass'], RuleGroups: null }),
    ],
    ['that passes everything', 'yes', FIREWALL, policy({ StatelessDefaultActions: ['aws:pass'] })],
    ['that drops everything', 'no', FIREWALL, policy({ StatelessDefaultActions: ['aws:drop'] })],
    ['that forwards everything', 'yes', FIREWALL, policy({ StatelessDefaultActions: FORWARD })],
    [
      'that forwards everything and drops it then',
      'no',
      FIREWALL,
      policy({ StatelessDefaultActions: FORWARD, StatefulDefaultActions: ['aws:drop_established'] }),
    ],
    [
      'that forwards everything and tells of it',
      'yes',
      FIREWALL,
      policy({ StatelessDefaultActions: FORWARD, StatefulDefaultActions: ['aws:alert_strict'] }),
    ],
  ])('%s: %s', (_title, verdict, ...others) => {
    const { state, missing } = expose([...INSPECTED, ...(others as EstateResource[])], instance('i-1'));
    expect([state, ...missing].join(': ')).toBe(verdict);
  });

  it('is told with what inspects it', () => {
    const { evidence } = expose(
      [...INSPECTED, FIREWALL, policy({ StatelessDefaultActions: ['aws:pass'] })],
      instance('i-1'),
    );
    expect(evidence.map(({ sentence }) => sentence)).toContain(
      'Network firewall policy p inspects what reaches the subnet.',
    );
  });
});
