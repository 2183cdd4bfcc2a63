import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { azureCall, azureListOf, azurePart } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { DATABASE_FIREWALL_RULE, DATABASE_SERVER, MANAGED_INSTANCE } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type AzureEstate, childrenOf, isListedEmpty } from './azure-estate.ts';
import { platformAddress } from './azure-frontend.ts';
import { exposeInPerimeter } from './azure-perimeter.ts';
import { exposeDoor } from './azure-place-exposure.ts';
import { audienceOfSenders, sendersOf } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

interface Server {
  readonly port: number;
  /** The call that lists the rules of its firewall, and the flag for its name. */
  readonly rules: string;
  readonly flag: string;
}

const SERVERS: Readonly<Record<string, Server>> = {
  'azure-sql-server': { port: 1433, rules: 'sql server firewall-rule list', flag: '--server' },
  'azure-postgresql-server': {
    port: 5432,
    rules: 'postgres flexible-server firewall-rule list',
    flag: '--server-name',
  },
  'azure-mysql-server': { port: 3306, rules: 'mysql flexible-server firewall-rule list', flag: '--name' },
  'azure-mariadb-server': { port: 3306, rules: 'mariadb server firewall-rule list', flag: '--server-name' },
};

/** Whether a database server answers the internet: public access, and the ranges of its firewall. */
export function exposeDatabaseServer(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(DATABASE_SERVER, resource);
  const { name, type } = resource;
  const { port, rules: call, flag } = SERVERS[type] as Server;
  const id = resource.key.slice('azure:'.length);
  const command = azureListOf(call, id, {
    '--resource-group': azurePart(id, 'resourceGroups'),
    [flag]: name,
  });
  if (facts.state === 'Stopped' || facts.state === 'Disabled')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (facts.network?.delegatedSubnetResourceId !== undefined)
    return [
      closedWay({
        evidence: [
          evidence(`${calledFirst(resource)} lies in a network and has no public address.`, resource),
        ],
      }),
    ];
  const access = facts.publicNetworkAccess ?? facts.network?.publicNetworkAccess;
  if (access === 'Disabled')
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} has public network access disabled.`, resource)],
      }),
    ];
  if (access === 'SecuredByPerimeter')
    return exposeInPerimeter(estate, resource, { surface: `tcp/${port}`, auth: 'db-password' });
  const rules = childrenOf(estate, 'azure-database-firewall-rule', facts.id ?? '');
  if (rules.length === 0 && !isListedEmpty(estate, call, id))
    return [unsureWay([`the firewall rules of ${name}: ${command}`])];
  const ranges = rules.map((rule) => ({ rule, senders: rangeOf(estate, rule) }));
  const unread = ranges.filter(({ senders }) => senders === null);
  const audience = audienceOfSenders(
    unionAddresses(...ranges.flatMap(({ senders }) => senders ?? [])),
    estate.corporate,
  );
  if (access === undefined && (isPublic(audience) || unread.length > 0))
    return [unsureWay([`whether ${name} has public network access: ${azureCall('resource show', id)}`])];
  if (!isPublic(audience) && unread.length > 0)
    return [
      unsureWay(unread.map(({ rule }) => `a readable range of firewall rule ${rule.name}: ${command}`)),
    ];
  const way = { surface: `tcp/${port}`, auth: 'db-password' as const, gates: rules.map((rule) => rule.key) };
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        ...way,
        evidence: [evidence(`The firewall of ${called(resource)} lets nobody on the internet in.`, resource)],
      }),
    ];
  const sentence =
    audience === 'any-azure'
      ? `The firewall of ${called(resource)} lets in all of Azure, every other customer's machines too.`
      : `The firewall of ${called(resource)} lets in ${isPublic(audience) ? 'a wide range' : 'some addresses'} of the internet.`;
  return [openWay(audience, { ...way, evidence: [evidence(sentence, resource)] })];
}

/** The port of the public endpoint of a managed instance. */
const PUBLIC_ENDPOINT = 3342;

/**
 * Whether a managed instance of SQL answers the internet: it lies in a subnet, and its public endpoint, where it has one,
 * lets in whom the security group of that subnet lets in.
 */
export function exposeManagedInstance(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { publicDataEndpointEnabled, state, subnetId } = estate.facts(MANAGED_INSTANCE, resource);
  const command = azureCall('resource show', resource.key.slice('azure:'.length));
  if (state === 'Stopped')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (publicDataEndpointEnabled === undefined)
    return [unsureWay([`whether ${resource.name} has a public endpoint: ${command}`])];
  if (!publicDataEndpointEnabled)
    return [
      closedWay({
        gates: [resource.key],
        evidence: [
          evidence(`${calledFirst(resource)} lies in a network and has no public endpoint.`, resource),
        ],
      }),
    ];
  if (subnetId === undefined) return [unsureWay([`the subnet of ${resource.name}: ${command}`])];
  return exposeDoor(estate, {
    resource,
    what: `the public endpoint of ${called(resource)}`,
    // An instance without a security group cannot be made, so that what is not told of it lets in.
    place: { privateAddress: undefined, groups: [], nsg: null, subnet: subnetId, isOpenWithoutNsg: true },
    address: platformAddress([]),
    ports: [{ protocol: 'tcp', from: PUBLIC_ENDPOINT, to: PUBLIC_ENDPOINT }],
    via: [],
    auth: 'db-password',
  });
}

/** Whom a rule of the firewall of a database or cache lets in; null where nobody can read it. */
export function rangeOf(estate: AzureEstate, rule: EstateResource): AddressSet | null {
  const { startIpAddress, endIpAddress } = estate.facts(DATABASE_FIREWALL_RULE, rule);
  return rangeBetween(startIpAddress, endIpAddress);
}

/** The pair 0.0.0.0 to 0.0.0.0 means all of Azure. */
export function rangeBetween(startIpAddress = '', endIpAddress = ''): AddressSet | null {
  if (startIpAddress === '0.0.0.0' && endIpAddress === '0.0.0.0')
    return sendersOf('AzureCloud', { v4: [], v6: [] });
  const first = parseAddresses(startIpAddress)?.v4[0]?.first;
  const last = parseAddresses(endIpAddress)?.v4[0]?.last;
  return first === undefined || last === undefined || first > last ? null : { v4: [{ first, last }], v6: [] };
}
