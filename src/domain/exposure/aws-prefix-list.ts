import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import { awsCall } from '../resource/aws-call.ts';
import { PREFIX_LIST, PREFIX_LIST_ENTRY } from '../resource/facts/aws-network-facts.ts';
import type { AwsEstate } from './aws-estate.ts';
import { EVERYWHERE } from './passage.ts';

/** AWS keeps CloudFront's addresses in lists of these names, which nobody else may take; who comes from there came through CloudFront. */
const CLOUDFRONT = /^com\.amazonaws\..*cloudfront\.origin-facing$/;

/** One block of a prefix list, as it stands in it. */
export interface PrefixBlock {
  readonly cidr: string;
  readonly addresses: AddressSet;
  readonly isCdn: boolean;
}

const entriesByList = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('prefix-list-entry'),
    (entry) => estate.facts(PREFIX_LIST_ENTRY, entry).PrefixListId,
  );

/** The blocks of a prefix list; null while they are not known. CloudFront's own list needs no entries. */
export function prefixListBlocks(
  estate: AwsEstate,
  id: string,
  region: string | null,
): readonly PrefixBlock[] | null {
  const list = estate.find('prefix-list', id, region);
  const facts = list === undefined ? {} : estate.facts(PREFIX_LIST, list);
  if (facts.PrefixListName !== undefined && CLOUDFRONT.test(facts.PrefixListName))
    return [{ cidr: facts.PrefixListName, addresses: EVERYWHERE, isCdn: true }];
  const entries = (estate.derived(entriesByList).get(id) ?? [])
    .filter((entry) => estate.mayBeIn(entry, region))
    .flatMap((entry) => estate.facts(PREFIX_LIST_ENTRY, entry).Cidr ?? []);
  const cidrs = [...new Set([...(facts.Cidrs ?? []), ...entries])];
  const blocks = cidrs.flatMap((cidr) => {
    const addresses = parseAddresses(cidr);
    return addresses === null ? [] : [{ cidr, addresses, isCdn: false }];
  });
  return blocks.length === 0 || blocks.length < cidrs.length ? null : blocks;
}

/** What would supply the blocks of a list. */
export function prefixListMissing(id: string): string {
  return `the entries of prefix list ${id}: ${awsCall('ec2 get-managed-prefix-list-entries', [['--prefix-list-id', id]], id)}`;
}
