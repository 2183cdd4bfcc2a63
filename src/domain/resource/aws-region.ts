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

/** The partition that a region belongs to (attack-paths §1.1); the common one where no region is known. */
export function partitionOfRegion(region: string | undefined): string {
  return PARTITIONS.find(([start]) => region?.startsWith(start) === true)?.[1] ?? 'aws';
}
