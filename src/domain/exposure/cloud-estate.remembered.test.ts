import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  group,
  instance as machine,
  NETWORK,
  resource,
  tcp,
} from '../../../test/support/aws-world.ts';
import { armId, azure, nsg, nsgId, rule, WEB_SUBNET } from '../../../test/support/azure-world.ts';
import {
  firewall,
  firewallPolicy,
  instance as gceInstance,
  link,
  NET,
  policyRule,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { FIXED, GROUPS, RULES } from './aws-affected.test-sample.ts';
import { AwsEstate } from './aws-estate.ts';
import { awsExposure } from './aws-exposure.ts';
import { AzureEstate } from './azure-estate.ts';
import { azureExposure } from './azure-exposure.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { GcpEstate } from './gcp-estate.ts';
import { gcpExposure } from './gcp-exposure.ts';

type Judge<Estate> = (estate: Estate, of: EstateResource) => readonly ExposureRecord[] | undefined;

/** An estate keeps what it found of one resource for those that nothing tells apart: each is told as if it were asked about alone. */
function expectAlike<Estate>(
  resources: readonly EstateResource[],
  make: (resources: readonly EstateResource[]) => Estate,
  judge: Judge<Estate>,
): void {
  const alone = resources.map((each) => judge(make(resources), each));
  const told = new Set(alone.map((ways) => JSON.stringify(ways)));
  // Nothing is alike because all of it is.
  expect(told.size).toBeGreaterThan(10);
  const onwards = make(resources);
  expect(resources.map((each) => judge(onwards, each))).toEqual(alone);
  const backwards = make(resources);
  expect(resources.toReversed().map((each) => judge(backwards, each))).toEqual(alone.toReversed());
}

function product<T extends Readonly<Record<string, readonly unknown[]>>>(
  parts: T,
): readonly { readonly [Name in keyof T]: T[Name][number] }[] {
  return Object.entries(parts).reduce<Record<string, unknown>[]>(
    (known, [name, values]) => known.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  ) as { [Name in keyof T]: T[Name][number] }[];
}

/** What things of the same names say in another region. */
const OTHERWISE: Readonly<Record<string, (facts: JsonObject) => JsonObject>> = {
  'security-group': (facts) => ({
    ...facts,
    IpPermissions: [tcp(80, '0.0.0.0/0', '::/0'), tcp(22, '20.1.2.0/24')],
  }),
  'network-acl': (facts) => ({ ...facts, Entries: ALLOW_ALL.filter((entry) => 'CidrBlock' in entry) }),
  'route-table': (facts) => ({ ...facts, Associations: [{ SubnetId: 'subnet-2' }] }),
};

describe('what is remembered of one resource is no answer about another', () => {
  it('of machines and databases in AWS that differ in groups, subnet, region, ports or the family of their address', () => {
    const ways = product({
      groups: [['sg-ssh'], ['sg-v6'], ['sg-office'], ['sg-ssh', 'sg-v6'], ['sg-gone']],
      subnet: ['subnet-1', 'subnet-2', 'subnet-9'],
      address: [
        { Association: { PublicIp: '3.3.3.3' } },
        { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] },
        { Association: { PublicIp: '3.3.3.3' }, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] },
      ],
      region: ['eu-west-1', 'us-east-1'],
    });
    const elsewhere = (each: EstateResource, facts: JsonObject): EstateResource => ({
      ...each,
      key: each.key.replace('eu-west-1', 'us-east-1'),
      region: 'us-east-1',
      facts,
    });
    const here = [
      ...NETWORK,
      group('sg-ssh', tcp(22, '0.0.0.0/0')),
      group('sg-v6', tcp(22, '::/0'), tcp(443, '::/0')),
      group('sg-office', tcp(22, '20.1.2.0/24'), tcp(5432, '0.0.0.0/0')),
    ];
    const machines = ways.map(({ groups, subnet, address, region }, index) => ({
      ...machine(
        `i-${index}`,
        { SubnetId: subnet },
        {
          Association: null,
          SubnetId: subnet,
          Groups: groups.map((GroupId) => ({ GroupId })),
          ...address,
        },
      ),
      region,
    }));
    const databases = product({
      groups: ['sg-ssh', 'sg-office'],
      port: [22, 5432],
      subnet: ['subnet-1', 'subnet-2'],
    });
    expectAlike(
      [
        ...here,
        ...here
          .filter(({ type }) => type !== 'inventory-listing')
          .map((each) => elsewhere(each, OTHERWISE[each.type]?.(each.facts) ?? each.facts)),
        ...machines,
        ...databases.map(({ groups, port, subnet }, index) =>
          resource('rds-instance', `db-${index}`, {
            DBInstanceIdentifier: `db-${index}`,
            PubliclyAccessible: true,
            Endpoint: { Port: port },
            DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: subnet }] },
            VpcSecurityGroups: [{ VpcSecurityGroupId: groups }],
          }),
        ),
      ],
      (resources) => new AwsEstate(resources, {}),
      awsExposure,
    );
  });

  it('of an account of AWS with balancers, functions, buckets and what they lead to', () => {
    const groups = GROUPS.map((id, index) => group(id, RULES[index % RULES.length] as JsonObject));
    expectAlike([...FIXED, ...groups], (resources) => new AwsEstate(resources, {}), awsExposure);
  });

  it('of interfaces in Azure that differ in group, subnet, address, SKU or the groups that rules are for', () => {
    const asg = '/subscriptions/s/asg/web';
    const subnets = {
      plain: WEB_SUBNET,
      guarded: WEB_SUBNET.replace(/web$/, 'guarded'),
      routed: WEB_SUBNET.replace(/web$/, 'routed'),
    };
    const addresses = ['Basic', 'Standard'].map((sku) =>
      azure('azure-public-ip', armId('Microsoft.Network/publicIPAddresses', sku), {
        ipAddress: sku === 'Basic' ? '20.50.2.14' : '20.50.2.15',
        sku: { name: sku },
      }),
    );
    const ways = product({
      own: [null, 'open', 'for-some', 'for-one'],
      subnet: Object.values(subnets),
      sku: ['Basic', 'Standard'],
      privateAddress: ['10.0.1.4', '10.0.1.5'],
      groups: [[], [{ id: asg }]],
    });
    const interfaces = ways.map(({ own, subnet, sku, privateAddress, groups }, index) => {
      const id = armId('Microsoft.Network/networkInterfaces', `nic-${index}`);
      return azure('azure-nic', id, {
        ...(own === null ? {} : { networkSecurityGroup: { id: nsgId(own) } }),
        ipConfigurations: [
          {
            id: `${id}/ipConfigurations/c`,
            privateIPAddress: privateAddress,
            publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', sku) },
            subnet: { id: subnet },
            applicationSecurityGroups: groups,
          },
        ],
      });
    });
    expectAlike(
      [
        azure('azure-vnet', armId('Microsoft.Network/virtualNetworks', 'net'), {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [
            { id: subnets.plain, addressPrefix: '10.0.1.0/24' },
            {
              id: subnets.guarded,
              addressPrefix: '10.0.2.0/24',
              networkSecurityGroup: { id: nsgId('for-one') },
            },
            { id: subnets.routed, addressPrefix: '10.0.3.0/24', routeTable: { id: '/subscriptions/s/rt' } },
          ],
        }),
        ...addresses,
        nsg('open', rule(100, 'Allow', '22', '*')),
        nsg(
          'for-some',
          rule(100, 'Allow', '443', '*', {
            destinationAddressPrefix: null,
            destinationApplicationSecurityGroups: [{ id: asg }],
          }),
        ),
        nsg('for-one', rule(100, 'Allow', '80', '*', { destinationAddressPrefix: '10.0.1.4' })),
        ...interfaces,
      ],
      (resources) => new AzureEstate(resources),
      azureExposure,
    );
  });

  it('of instances in Google Cloud that differ in tag, account, network or the family of their address', () => {
    const ways = product({
      tags: [[], ['web'], ['db'], ['web', 'other']],
      account: ['sa@p.iam.gserviceaccount.com', 'ci@p.iam.gserviceaccount.com'],
      network: ['net', 'other'],
      folder: ['2', '9'],
      address: [
        { accessConfigs: [{ natIP: '34.1.1.1' }] },
        { ipv6AccessConfigs: [{ externalIpv6: '2600:1900::1' }] },
        {
          accessConfigs: [{ natIP: '34.1.1.1' }],
          ipv6AccessConfigs: [{ externalIpv6: '2600:1900::1' }],
        },
      ],
    });
    const instances = ways.map(({ tags, account, network, address, folder }, index) => {
      const each = gceInstance({
        networkInterfaces: [{ network: link('networks', network), ...address }],
        tags: { items: tags },
        serviceAccounts: [{ email: account }],
        ancestors: ['projects/1', `folders/${folder}`, 'organizations/3'],
      });
      return { ...each, key: `${each.key}-${index}` };
    });
    expectAlike(
      [
        NET,
        firewallPolicy('inner', 'folders/9', policyRule(1, 'deny')),
        firewall('web', { targetTags: ['web'] }),
        firewall('db', { targetTags: ['db'], allowed: [{ IPProtocol: 'tcp', ports: ['5432'] }] }),
        firewall('v6', { targetTags: ['db'], sourceRanges: ['::/0'] }),
        firewall('ci', {
          targetServiceAccounts: ['ci@p.iam.gserviceaccount.com'],
          allowed: [{ IPProtocol: 'tcp', ports: ['22'] }],
        }),
        firewall('other', {
          network: link('networks', 'other'),
          allowed: [{ IPProtocol: 'udp', ports: ['53'] }],
        }),
        ...instances,
      ],
      (resources) => new GcpEstate(resources),
      gcpExposure,
    );
  });
});
