import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { balancer, LB, TG, targets } from '../../../test/support/aws-balancer.ts';
import { instance as awsInstance, resource, SUBNET } from '../../../test/support/aws-world.ts';
import { armId, azure } from '../../../test/support/azure-world.ts';
import { compute, gcp, instance as gcpInstance, link } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { BALANCED_TYPES, BALANCER_TYPES, BALANCING_TYPES, behindBalancers } from './balanced-services.ts';

const behind = (...resources: readonly EstateResource[]) => Object.fromEntries(behindBalancers(resources));

const FUNCTION = resource('lambda-function', 'resize', {
  FunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:resize',
});
const GROUP = resource('auto-scaling-group', 'workers', { TargetGroupARNs: [TG] });
const TASK = resource('ecs-task', 'task-1', {
  taskArn: 'arn:aws:ecs:eu-west-1:111111111111:task/shop/task-1',
  lastStatus: 'RUNNING',
  attachments: [
    {
      type: 'ElasticNetworkInterface',
      details: [
        { name: 'subnetId', value: 'subnet-1' },
        { name: 'privateIPv4Address', value: '10.0.0.44' },
      ],
    },
  ],
});
const ecsService = (targetGroupArn: string) =>
  resource('ecs-service', 'shop', { loadBalancers: [{ targetGroupArn }] });
const health = (Id: string) => resource('target-health', `web ${Id}`, { TargetGroup: TG, Id });

test.each<[string, readonly EstateResource[], readonly EstateResource[]]>([
  ['an instance that is registered', [health('i-1')], [awsInstance('i-1')]],
  [
    'a function that is registered',
    [health('arn:aws:lambda:eu-west-1:111111111111:function:resize')],
    [FUNCTION],
  ],
  ['a scaling group that registers what it makes', [], [GROUP]],
  ['a service of ECS that registers its tasks', [], [ecsService(TG)]],
  ['an instance whose address is registered', [health('10.0.0.10')], [awsInstance('i-1')]],
  [
    'an instance by an address of another interface',
    [health('10.0.0.30')],
    [awsInstance('i-2', {}, { PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.30' }] })],
  ],
  ['a task whose address is registered', [SUBNET, health('10.0.0.44')], [TASK]],
  [
    'no task that has stopped',
    [SUBNET, health('10.0.0.44'), { ...TASK, facts: { ...TASK.facts, lastStatus: 'STOPPED' } }],
    [],
  ],
  ['no task of a network that nobody described', [health('10.0.0.44'), TASK], []],
  [
    'nothing with that address in another network',
    [
      health('10.0.0.30'),
      awsInstance('i-2', { VpcId: 'vpc-2' }, { VpcId: 'vpc-2', PrivateIpAddress: '10.0.0.30' }),
    ],
    [],
  ],
  ['nothing for an address that nothing has', [health('192.168.7.7')], []],
  [
    'nothing that is registered with another group',
    [{ ...health('i-1'), facts: { TargetGroup: `${TG}2`, Id: 'i-1' } }],
    [],
  ],
  ['nothing that nobody described', [health('i-9')], []],
])('behind a load balancer of AWS is %s', (_title, more, members) => {
  const found = behind(balancer(), targets(), awsInstance('i-1'), ...members, ...more);
  const keys = members.map(({ key }) => key);
  const types = [...BALANCING_TYPES, ...BALANCED_TYPES];
  expect([balancer(), targets(), ...more, ...members].filter(({ type }) => !types.includes(type))).toEqual(
    [],
  );
  expect(BALANCING_TYPES).toEqual(
    expect.arrayContaining([
      'load-balancer',
      'target-group',
      'target-health',
      'auto-scaling-group',
      'azure-nic',
      'azure-vmss',
    ]),
  );
  expect(found).toEqual(keys.length === 0 ? {} : { [`aws:${LB}`]: keys });
});

test('services of ECS and scaling groups that register with another group are behind nothing', () => {
  const elsewhere = [
    ecsService(`${TG}2`),
    resource('auto-scaling-group', 'other', { TargetGroupARNs: [`${TG}2`] }),
  ];
  const nowhere = ['ecs-service', 'ecs-task', 'auto-scaling-group'].map((type) => resource(type, 'none', {}));
  expect(behind(balancer(), targets(), ...elsewhere, ...nowhere)).toEqual({});
});

test('only the address of a task is one', () => {
  const subnet = { name: 'subnetId', value: '10.0.0.5' };
  const other = resource('ecs-task', 'a', {
    attachments: [{ details: [subnet, { name: 'privateIPv4Address' }] }],
  });
  expect(behind(balancer(), targets(), health('10.0.0.5'), other)).toEqual({});
});

test('a target group that no load balancer has leads from nowhere', () => {
  expect(behind(targets({ LoadBalancerArns: [] }), awsInstance('i-1'), health('i-1'))).toEqual({});
});

const AZURE_LB = armId('Microsoft.Network/loadBalancers', 'web');
const GATEWAY = armId('Microsoft.Network/applicationGateways', 'front');
const VM_ID = armId('Microsoft.Compute/virtualMachines', 'vm');
const NIC_ID = armId('Microsoft.Network/networkInterfaces', 'nic');
const azureVm = azure('azure-vm', VM_ID, { networkProfile: { networkInterfaces: [{ id: NIC_ID }] } });
const nic = (configuration: object, virtualMachine: object | null = { id: VM_ID }) =>
  azure('azure-nic', NIC_ID, {
    ...(virtualMachine === null ? {} : { virtualMachine }),
    ipConfigurations: [configuration],
  } as EstateResource['facts']);
const set = (configuration: object) =>
  azure('azure-vmss', armId('Microsoft.Compute/virtualMachineScaleSets', 'set'), {
    virtualMachineProfile: {
      networkProfile: { networkInterfaceConfigurations: [{ name: 'n', ipConfigurations: [configuration] }] },
    },
  } as EstateResource['facts']);
const balancers = [azure('azure-load-balancer', AZURE_LB), azure('azure-app-gateway', GATEWAY)];

test.each<[string, string, object]>([
  ['a pool', AZURE_LB, { loadBalancerBackendAddressPools: [{ id: `${AZURE_LB}/backendAddressPools/p` }] }],
  [
    'a rule for one machine',
    AZURE_LB,
    { loadBalancerInboundNatRules: [{ id: `${AZURE_LB}/inboundNatRules/ssh` }] },
  ],
  [
    'a pool of such rules',
    AZURE_LB,
    { loadBalancerInboundNatPools: [{ id: `${AZURE_LB}/inboundNatPools/ssh` }] },
  ],
  [
    'a pool of a gateway',
    GATEWAY,
    { applicationGatewayBackendAddressPools: [{ id: `${GATEWAY}/backendAddressPools/p` }] },
  ],
])('behind a load balancer of Azure are machines and scale sets of %s', (_title, front, configuration) => {
  const one = { [`azure:${front.toLowerCase()}`]: [azureVm.key] };
  expect(behind(...balancers, azureVm, nic(configuration))).toEqual(one);
  // An interface that does not say whose it is, is said to be its by the machine.
  expect(behind(...balancers, azureVm, nic(configuration, null))).toEqual(one);
  expect(behind(...balancers, nic(configuration))).toEqual({});
  const scaled = set(configuration);
  expect([azureVm, scaled].filter(({ type }) => !BALANCED_TYPES.includes(type))).toEqual([]);
  expect(balancers.filter(({ type }) => !BALANCER_TYPES.includes(type))).toEqual([]);
  // Either is enough: an estate may have one kind of them alone.
  const ofKind = balancers.filter(({ key }) => key === `azure:${front.toLowerCase()}`);
  expect(behind(...ofKind, scaled)).toEqual({ [`azure:${front.toLowerCase()}`]: [scaled.key] });
  expect(behind(...balancers, scaled)).toEqual({ [`azure:${front.toLowerCase()}`]: [scaled.key] });
});

test('behind a load balancer of Azure are machines whose address a pool of it lists', () => {
  const network = armId('Microsoft.Network/virtualNetworks', 'net');
  const at = (address: string) =>
    nic({ privateIPAddress: address, subnet: { id: `${network}/subnets/web` } });
  const lists = azure('azure-load-balancer', AZURE_LB, {
    backendAddressPools: [
      {
        id: `${AZURE_LB}/backendAddressPools/p`,
        loadBalancerBackendAddresses: [{ ipAddress: '10.0.1.4', virtualNetwork: { id: network } }],
      },
    ],
  });
  const gateway = azure('azure-app-gateway', GATEWAY, {
    backendAddressPools: [
      { id: `${GATEWAY}/backendAddressPools/p`, backendAddresses: [{ ipAddress: '10.0.1.4' }] },
    ],
  });
  for (const [front, id] of [
    [lists, AZURE_LB],
    [gateway, GATEWAY],
  ] as const) {
    expect(behind(front, azureVm, at('10.0.1.4'))).toEqual({ [`azure:${id.toLowerCase()}`]: [azureVm.key] });
    expect(behind(front, azureVm, at('10.0.1.5'))).toEqual({});
  }
});

const RULE = gcp('gcp-forwarding-rule', compute('forwardingRules', 'web'), {
  loadBalancingScheme: 'EXTERNAL_MANAGED',
  IPAddress: '34.1.1.9',
  target: link('targetHttpsProxies', 'web'),
});
const GCP_GROUP = '//compute.googleapis.com/projects/p/zones/europe-west1-b/instanceGroups/web';
const ENDPOINTS = compute('networkEndpointGroups', 'web');
const way = (group: string) => [
  RULE,
  gcp('gcp-target-proxy', compute('targetHttpsProxies', 'web'), { urlMap: link('urlMaps', 'web') }),
  gcp('gcp-url-map', compute('urlMaps', 'web'), { defaultService: link('backendServices', 'web') }),
  gcp('gcp-backend-service', compute('backendServices', 'web'), { backends: [{ group }] }),
];
const manager = gcp(
  'gcp-instance-group-manager',
  '//compute.googleapis.com/projects/p/zones/europe-west1-b/instanceGroupManagers/web',
  { instanceGroup: GCP_GROUP },
);
const made = gcpInstance({ createdBy: 'projects/1/zones/europe-west1-b/instanceGroupManagers/web' });
const pool = gcp('gcp-target-pool', compute('targetPools', 'web'), {
  instances: ['https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instances/web'],
});
const run = gcp('gcp-run-service', '//run.googleapis.com/projects/p/locations/europe-west1/services/shop');
const gcpFunction = gcp(
  'gcp-function',
  '//cloudfunctions.googleapis.com/projects/p/locations/europe-west1/functions/shop',
);
const functionEndpoints = gcp('gcp-endpoint-group', ENDPOINTS, { cloudFunction: { function: 'shop' } });
const endpoints = gcp('gcp-endpoint-group', ENDPOINTS, { cloudRun: { service: 'shop' } });

test.each<[string, readonly EstateResource[], EstateResource]>([
  ['an instance that the manager of its group made', [...way(GCP_GROUP), manager], made],
  [
    'an instance that a pool names',
    [{ ...RULE, facts: { ...RULE.facts, target: link('targetPools', 'web') } }, pool],
    gcpInstance(),
  ],
  ['a service of Cloud Run', [...way(ENDPOINTS), endpoints], run],
  ['a function', [...way(ENDPOINTS), functionEndpoints], gcpFunction],
])('behind a load balancer of Google Cloud is %s', (_title, told, member) => {
  expect(new Set(behindBalancers([...told, member]).get(RULE.key))).toEqual(new Set([member.key]));
  const looked = told.filter(({ type }) => BALANCING_TYPES.includes(type));
  expect(looked).toEqual(told);
  expect([BALANCED_TYPES.includes(member.type), BALANCER_TYPES.includes(RULE.type)]).toEqual([true, true]);
});

test('an instance that nobody ties to a group stands behind none', () => {
  expect(behindBalancers([...way(GCP_GROUP), manager, gcpInstance()]).get(RULE.key)).toBeUndefined();
});

test.each<[string, EstateResource, boolean]>([
  ['a later answer about its group', answer(1), false],
  ['a later answer that names the group otherwise', answer(1, { TargetGroup: 'web' }), false],
  ['an answer of the same time, which lists it', answer(0), true],
  ['an older answer', answer(-1), true],
  ['a later answer about another group', answer(1, { TargetGroup: 'other' }), true],
  [
    'a later answer about the group of that name in another region',
    { ...answer(1, { TargetGroup: 'web' }), region: 'us-east-1' },
    true,
  ],
  ['a later answer about some targets', answer(1, { IsSelection: true }), true],
  ['that it is not registered', answer(1, { Id: 'i-1', Reason: 'Target.NotRegistered' }), false],
  ['that it was not registered', answer(-1, { Id: 'i-1', Reason: 'Target.NotRegistered' }), true],
  ['that another one is not', answer(1, { Id: 'i-2', Reason: 'Target.NotRegistered' }), true],
  [
    'that it is not, on another port',
    answer(1, { Id: 'i-1', Port: 81, Reason: 'Target.NotRegistered' }),
    true,
  ],
])('a target stands until it is no longer listed: %s', (_, said, isBehind) => {
  const estate = [balancer(), targets(), health('i-1'), awsInstance('i-1'), said];
  expect(behind(...estate)).toEqual(isBehind ? { [`aws:${LB}`]: [awsInstance('i-1').key] } : {});
});

/** What an answer about the group says beside its targets; so many milliseconds after it was described. */
function answer(later: number, facts: JsonObject = {}): EstateResource {
  const described = resource('target-health', 'answer', { TargetGroup: TG, ...facts });
  return { ...described, seenAt: described.seenAt + later };
}
