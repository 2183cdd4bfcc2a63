import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { group, NETWORK, resource, stateOf, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

describe('a database', () => {
  function database(facts: JsonObject = {}): EstateResource {
    return resource('rds-instance', 'orders', {
      DBInstanceIdentifier: 'orders',
      PubliclyAccessible: true,
      Endpoint: { Port: 5432 },
      DBSubnetGroup: {
        VpcId: 'vpc-1',
        Subnets: [{ SubnetIdentifier: 'subnet-1' }, { SubnetIdentifier: 'subnet-2' }],
      },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
      ...facts,
    });
  }
  const open = group('sg-db', tcp(5432, '0.0.0.0/0'));

  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['public in one subnet', 'yes', [...NETWORK, open], database()],
    ...(['subnet-1,subnet-2', 'subnet-2,subnet-1'] as const).map(
      (ids): [string, string, readonly EstateResource[], EstateResource] => [
        `public in one of the subnets ${ids}, to which it may move`,
        'yes',
        [...NETWORK, open],
        database({
          DBSubnetGroup: {
            VpcId: 'vpc-1',
            Subnets: ids.split(',').map((SubnetIdentifier) => ({ SubnetIdentifier })),
          },
        }),
      ],
    ),
    [
      '36 in private subnets',
      'no',
      [...NETWORK, open],
      database({ DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-2' }] } }),
    ],
    ['37 open to one office', 'no', [...NETWORK, group('sg-db', tcp(5432, '1.1.1.1/32'))], database()],
    ['open on another port', 'no', [...NETWORK, group('sg-db', tcp(22, '0.0.0.0/0'))], database()],
    [
      'of which nobody told the port, in a group that opens one',
      'unknown',
      [...NETWORK, open],
      database({ Endpoint: null }),
    ],
    [
      'of which nobody told the port, in a group that opens all',
      'yes',
      [...NETWORK, group('sg-db', { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] })],
      database({ Endpoint: null }),
    ],
    [
      'of which nobody told the port, in a group for one office',
      'no',
      [...NETWORK, group('sg-db', tcp(5432, '1.1.1.1/32'))],
      database({ Endpoint: null }),
    ],
    ['not publicly accessible', 'no', [], database({ PubliclyAccessible: false })],
    ['nobody says', 'unknown', [], database({ PubliclyAccessible: null })],
    ['stopped', 'no', [...NETWORK, open], database({ DBInstanceStatus: 'stopped' })],
    ['its subnets not told', 'unknown', [...NETWORK, open], database({ DBSubnetGroup: null })],
  ])('%s: %s', (_, state, resources, of) => {
    expect(stateOf(resources, of)).toBe(state);
  });

  it('cluster is public where an instance of it is', () => {
    const cluster = resource('rds-cluster', 'orders', {
      DBClusterIdentifier: 'orders',
      DBClusterMembers: [{ DBInstanceIdentifier: 'orders' }, { DBInstanceIdentifier: 'replica' }],
    });
    const replica = resource('rds-instance', 'replica', {
      DBInstanceIdentifier: 'replica',
      PubliclyAccessible: false,
    });
    expect(stateOf([...NETWORK, open, database(), replica], cluster)).toBe('yes');
    expect(stateOf([...NETWORK, open, database({ PubliclyAccessible: false }), replica], cluster)).toBe('no');
    expect(stateOf([...NETWORK, open, database({ PubliclyAccessible: false })], cluster)).toBe('unknown');
  });
});
