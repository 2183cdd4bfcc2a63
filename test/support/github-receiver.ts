import type { NewReceiver } from '../../src/domain/delivery/receiver.ts';

/** Where the issues of the shop become tickets on GitHub, at the address of a server on this machine. */
export function githubReceiver(address: string, name = 'shop-issues'): NewReceiver {
  return {
    name,
    kind: 'github',
    address,
    project: 'acme/shop',
    ticketType: null,
    account: null,
    allowsPrivate: true,
    wantsEvents: false,
    leastSeverity: null,
    digestMinutes: null,
  };
}
