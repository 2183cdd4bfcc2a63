import { parseAddresses } from '#base/address-set.ts';
import { isInternetAddress } from './audience.ts';

/** Whether an address or host name of a load balancer is one on the internet, as far as it can tell by itself. */
export function isOpenAddress(address: string): boolean {
  return parseAddresses(address) === null ? !isInternalName(address) : isInternetAddress(address);
}

/** Internal load balancers of AWS have names of this kind; clusters on a laptop are called `localhost`. */
function isInternalName(name: string): boolean {
  return (
    name.startsWith('internal-') ||
    name === 'localhost' ||
    name.endsWith('.local') ||
    name.endsWith('.internal')
  );
}
