import { remembered } from '#base/remembered.ts';
import { shortName } from './short-name.ts';

/**
 * The one name of a Linux distribution, lower case, for the spellings of `/etc/os-release`, package
 * URLs and scanners: `rhel` is `redhat`, `amzn` is `amazon`. A name not listed keeps its letters and digits, with
 * a dash for anything else; it is empty where it has none.
 */
export const distributionName: (spelling: string) => string = remembered(1_000, (spelling) => {
  const name = spelling.trim().toLowerCase();
  return NAMES.get(name) ?? shortName(name);
});

const NAMES: ReadonlyMap<string, string> = new Map([
  ['rhel', 'redhat'],
  ['red hat', 'redhat'],
  ['red hat enterprise linux', 'redhat'],
  ['ol', 'oracle'],
  ['oraclelinux', 'oracle'],
  ['oracle linux', 'oracle'],
  ['oracle-oval', 'oracle'],
  ['amzn', 'amazon'],
  ['amazonlinux', 'amazon'],
  ['amazon linux', 'amazon'],
  ['almalinux', 'alma'],
  ['rockylinux', 'rocky'],
  ['sles', 'suse'],
  ['sle', 'suse'],
  ['suse-cvrf', 'suse'],
  ['suse linux enterprise server', 'suse'],
  ['opensuse', 'suse'],
  ['opensuse-leap', 'suse'],
  ['opensuse.leap', 'suse'],
  ['opensuse.tumbleweed', 'suse'],
  ['opensuse-tumbleweed', 'suse'],
  ['mariner', 'azurelinux'],
  ['cbl-mariner', 'azurelinux'],
  ['azure', 'azurelinux'],
  ['arch', 'arch-linux'],
  ['archlinux', 'arch-linux'],
]);
