import {
  type AUTO_SCALING_GROUP,
  LAUNCH_TEMPLATE_VERSION,
  type LaunchTemplateVersionFacts,
} from '../resource/facts/aws-network-facts.ts';
import type { Facts } from '../resource/facts/fact-shape.ts';
import type { AwsEstate } from './aws-estate.ts';

/** A launch template, and the version of it that somebody takes: a number, `$Latest`, or `$Default` where nothing is said. */
interface UsedTemplate {
  readonly LaunchTemplateId?: string | undefined;
  readonly Version?: string | undefined;
}

/** The template of a group; undefined where it has none, or nobody told. */
export function launchTemplateOf({
  LaunchTemplate,
  MixedInstancesPolicy,
}: Facts<typeof AUTO_SCALING_GROUP>): UsedTemplate | undefined {
  return LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
}

/** The version of its template that a group takes; undefined where it was not described. */
export function versionOf(estate: AwsEstate, used: UsedTemplate): LaunchTemplateVersionFacts | undefined {
  const versions = estate
    .ofType('launch-template-version')
    .map((each) => estate.facts(LAUNCH_TEMPLATE_VERSION, each))
    .filter((each) => each.LaunchTemplateId === used.LaunchTemplateId);
  switch (used.Version) {
    case '$Latest':
      return versions.toSorted((a, b) => (b.VersionNumber ?? 0) - (a.VersionNumber ?? 0))[0];
    case '$Default':
    case undefined:
      return versions.find((each) => each.DefaultVersion === true);
    default:
      return versions.find((each) => String(each.VersionNumber) === used.Version);
  }
}
