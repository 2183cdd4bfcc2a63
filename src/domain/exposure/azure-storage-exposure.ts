import { NO_ADDRESSES } from '#base/address-set.ts';
import { azureCall, azureListOf } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { BLOB_CONTAINER, STORAGE_ACCOUNT } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { admitted } from './azure-admitted.ts';
import { type AzureEstate, childrenOf, isListedEmpty } from './azure-estate.ts';
import { exposeBehindFrontDoors, exposeBehindGatewayNames, type FrontedService } from './azure-fronts.ts';
import { lastOf } from './azure-network.ts';
import { exposeInPerimeter } from './azure-perimeter.ts';
import { audienceOfAcls } from './azure-restrictions.ts';
import { type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/** Whether anybody may read blobs of an account without a key: some container of it gives them away. */
export function exposeStorageAccount(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { id, allowBlobPublicAccess } = estate.facts(STORAGE_ACCOUNT, resource);
  const closed = closedAccount(estate, resource);
  const containers = childrenOf(estate, 'azure-blob-container', id ?? '');
  if (closed !== null && (containers.length === 0 || allowBlobPublicAccess === false)) return closed;
  if (containers.length > 0) return containers.flatMap((each) => exposeContainer(estate, each));
  if (isListedEmpty(estate, 'storage container-rm list', id ?? ''))
    return [
      closedWay({ evidence: [evidence(`${calledFirst(resource)} has no containers. ${SAS}`, resource)] }),
    ];
  const missing = [`the containers of ${resource.name}: ${containersCall(id ?? '', resource.name)}`];
  if (allowBlobPublicAccess === undefined) missing.push(accountSwitch(resource));
  return [unsureWay(missing)];
}

/** Whether anybody may read or list the blobs of a container. */
export function exposeContainer(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { id = '', publicAccess } = estate.facts(BLOB_CONTAINER, resource);
  const { name } = resource;
  const access = publicAccess?.toLowerCase();
  if (access === 'none' || access === 'off')
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} gives nothing away without a key. ${SAS}`, resource)],
      }),
    ];
  const accountId = id.replace(/\/blobservices\/.*$/i, '');
  const account = estate.find(accountId);
  if (account === undefined)
    return [unsureWay([`storage account ${lastOf(accountId)}: az storage account list`])];
  const closed = closedAccount(estate, account);
  const facts = estate.facts(STORAGE_ACCOUNT, account);
  if (facts.allowBlobPublicAccess === false) return closed ?? [];
  if (access !== 'blob' && access !== 'container')
    return (
      closed ?? [
        unsureWay([
          `the public access of container ${name}: ${containersCall(accountId, lastOf(accountId))}`,
        ]),
      ]
    );
  const surface = access === 'container' ? 'list, read' : 'read';
  const fronts = exposeAccountFronts(estate, account, surface);
  if (fronts.some(isOpenToPublic)) return fronts.filter((way) => way.verdict !== 'no');
  return [...(closed ?? exposeAnonymously(estate, resource, account, surface)), ...fronts];
}

/** The ways in through what forwards requests to an account that it lets in over a private endpoint. */
function exposeAccountFronts(
  estate: AzureEstate,
  account: EstateResource,
  surface: string,
): readonly ExposureRecord[] {
  const { allowBlobPublicAccess, primaryEndpoints, privateEndpointConnections } = estate.facts(
    STORAGE_ACCOUNT,
    account,
  );
  const told = /^https?:\/\/([^/:]+)/i.exec(primaryEndpoints?.blob ?? '')?.[1];
  const service: FrontedService = {
    resource: account,
    hosts: [told ?? `${account.name}.blob.core.windows.net`],
    targets: [account.key.slice('azure:'.length)],
    connections: privateEndpointConnections,
    way: { surface, auth: 'none' },
  };
  const nobody = () => admitted(NO_ADDRESSES);
  const fronts = [
    ...exposeBehindFrontDoors(estate, service, nobody),
    ...exposeBehindGatewayNames(estate, service, nobody),
  ];
  return allowBlobPublicAccess === undefined && fronts.some(isOpenToPublic)
    ? [unsureWay([accountSwitch(account)])]
    : fronts;
}

function exposeAnonymously(
  estate: AzureEstate,
  resource: EstateResource,
  account: EstateResource,
  surface: string,
): readonly ExposureRecord[] {
  const { allowBlobPublicAccess, networkAcls, publicNetworkAccess } = estate.facts(STORAGE_ACCOUNT, account);
  const missing: string[] = [];
  const isInPerimeter = publicNetworkAccess === 'SecuredByPerimeter';
  // Accounts from before the switch allowed it by default, newer ones do not, and absence tells neither.
  if (allowBlobPublicAccess === undefined) missing.push(accountSwitch(account));
  if (networkAcls === undefined && publicNetworkAccess !== 'Enabled' && !isInPerimeter)
    missing.push(`the network rules of ${account.name}: ${accountCall(account)}`);
  const audience = audienceOfAcls(estate, isInPerimeter ? {} : (networkAcls ?? {}));
  if (audience === null) missing.push(`readable network rules of ${account.name}: ${accountCall(account)}`);
  // A perimeter stands above the account's own rules.
  if (isInPerimeter && missing.length === 0)
    return exposeInPerimeter(estate, account, { surface, auth: 'none' });
  if (audience === null || missing.length > 0) return [unsureWay(missing)];
  return [
    openWay(audience, {
      surface,
      auth: 'none',
      via: [account.name],
      gates: [resource.key, account.key],
      evidence: [
        evidence(
          `${calledFirst(resource)} lets everybody ${surface === 'read' ? 'read' : 'list and read'} its blobs.`,
          resource,
        ),
        evidence(`${calledFirst(account)} allows public containers.`, account),
      ],
    }),
  ];
}

function containersCall(accountId: string, name: string): string {
  return azureListOf('storage container-rm list', accountId, { '--storage-account': name });
}

function accountCall({ key }: EstateResource): string {
  return azureCall('storage account show', key.slice('azure:'.length));
}

const SAS = 'Shared access signatures are not visible in an inventory.';

function accountSwitch(account: EstateResource): string {
  return `whether ${account.name} allows public containers (allowBlobPublicAccess): ${accountCall(account)}`;
}

/** The account's own switches, which close all of its containers; null where they leave it to these. */
function closedAccount(estate: AzureEstate, account: EstateResource): readonly ExposureRecord[] | null {
  const { allowBlobPublicAccess, publicNetworkAccess, networkAcls } = estate.facts(STORAGE_ACCOUNT, account);
  if (allowBlobPublicAccess === false)
    return [
      closedWay({
        gates: [account.key],
        evidence: [evidence(`${calledFirst(account)} allows no public containers. ${SAS}`, account)],
      }),
    ];
  if (publicNetworkAccess === 'Disabled')
    return [
      closedWay({
        gates: [account.key],
        evidence: [evidence(`${calledFirst(account)} is reached over private endpoints only.`, account)],
      }),
    ];
  if (publicNetworkAccess === 'SecuredByPerimeter') {
    const ways = exposeInPerimeter(estate, account, { surface: 'read', auth: 'none' });
    return ways.some(isOpenToPublic) ? null : ways;
  }
  const audience = networkAcls === undefined ? 'internet' : audienceOfAcls(estate, networkAcls);
  if (audience !== 'none' && audience !== 'corp') return null;
  return [
    closedWay({
      gates: [account.key],
      evidence: [evidence(`The network rules of ${called(account)} let nobody on the internet in.`, account)],
    }),
  ];
}
