import { NO_ADDRESSES } from '#base/address-set.ts';
import { called } from '../resource/called.ts';
import { NSG } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { AzureEstate } from './azure-estate.ts';
import { throughSecurityRules } from './azure-network.ts';
import { audienceOfSenders, SENDERS_V4, SENDERS_V6 } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { audiencePorts, limitSources } from './surface.ts';
import { closedWay, openPorts, unsureWay } from './way-in.ts';

/**
 * Whether a security group leaves a port open to the internet, for whichever of its members a rule is: the
 * risk of a finding about the group itself. Whether a machine is reached is said of the machine.
 */
export function exposeSecurityGroup(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { securityRules } = estate.facts(NSG, resource);
  if (securityRules === undefined) return [unsureWay([`the rules of ${resource.name}: az network nsg list`])];
  const { allowed, missing } = throughSecurityRules(
    securityRules,
    { privateAddress: null, groups: [] },
    NO_ADDRESSES,
  );
  const portsFrom = (surfaces: typeof allowed.certain) =>
    audiencePorts(
      [SENDERS_V4, SENDERS_V6].flatMap((senders) => limitSources(surfaces, senders)),
      (sources) => audienceOfSenders(sources, estate.corporate),
    ).filter(({ audience }) => isPublic(audience));
  const open = portsFrom(allowed.certain);
  if (open.length > 0)
    return openPorts(open, {
      gates: [resource.key],
      evidence: [evidence(`The rules of ${called(resource)} leave ports open to the internet.`, resource)],
    });
  if (portsFrom(allowed.possible).length > 0) return [unsureWay(missing)];
  return [
    closedWay({
      evidence: [evidence(`The rules of ${called(resource)} let nobody on the internet in.`, resource)],
    }),
  ];
}
