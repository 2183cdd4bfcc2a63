const DIRECTIONS = '(?:central|north|south|east|west|northeast|northwest|southeast|southwest)';
const REGION = new RegExp(
  `^(?:(?:us|eu|ap|ca|sa|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})-${DIRECTIONS}-\\d$`,
);

/** Whether a text is spelled like a region of AWS: `eu-west-1`, `us-isob-east-1`, `eusc-de-east-1`. */
export function isAwsRegion(text: string): boolean {
  return REGION.test(text);
}

/** Regions of AWS that are a world of their own, by how they begin, with the partition that their ARNs name. */
const PARTITIONS: readonly (readonly [start: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** What names of hosts of AWS end with in a partition, where that is not what they end with in the common one. */
const HOST_ENDS: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** What the name of a host that serves a partition ends with: `amazonaws.com`. */
export function hostEndOf(partition: string): string {
  return Object.hasOwn(HOST_ENDS, partition) ? (HOST_ENDS[partition] as string) : 'amazonaws.com';
}

/** The partition that a region belongs to (attack-paths §1.1); the common one where no region is known. */
export function partitionOfRegion(region: string | undefined): string {
  return PARTITIONS.find(([start]) => region?.startsWith(start) === true)?.[1] ?? 'aws';
}
