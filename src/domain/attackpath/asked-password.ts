import type { JsonObject } from '#base/json-value.ts';
import { INSTANCE } from '../resource/facts/aws-network-facts.ts';
import { VM, VMSS } from '../resource/facts/azure-facts.ts';
import { type Facts, readFacts } from '../resource/facts/fact-shape.ts';

const SSH = 22;
const RDP = 3389;

/** Types of machines of which inventories tell whether they ask for passwords. */
export const ASKING_TYPES: readonly string[] = ['azure-vm', 'azure-vmss', 'ec2-instance'];

/**
 * TCP ports on which a machine asks whoever comes for a password (attack-paths §4.3, C7): SSH where Azure says that it is not
 * switched off, Remote Desktop of Windows. Machines of AWS with another system take keys unless somebody changed them, which
 * no inventory tells.
 */
export function passwordPorts(type: string, facts: JsonObject): readonly number[] {
  switch (type) {
    case 'azure-vm':
      return portsOf(readFacts(VM, facts));
    case 'azure-vmss':
      return portsOf(readFacts(VMSS, facts).virtualMachineProfile ?? {});
    case 'ec2-instance':
      return readFacts(INSTANCE, facts).PlatformDetails?.startsWith('Windows') === true ? [RDP] : [];
    default:
      return [];
  }
}

function portsOf({
  storageProfile,
  osProfile,
}: Pick<Facts<typeof VM>, 'storageProfile' | 'osProfile'>): readonly number[] {
  if (storageProfile?.osDisk?.osType?.toLowerCase() === 'windows') return [RDP];
  return osProfile?.linuxConfiguration?.disablePasswordAuthentication === false ? [SSH] : [];
}
