import { calledFirst } from '../resource/called.ts';
import { DISTRIBUTION, type DistributionFacts, VPC_ORIGIN } from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { FrontOf } from './aws-front.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import { behindWebAcl, webAclOf } from './aws-web-acl.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** How a distribution of CloudFront is reached: one record for each behaviour's paths (attack-paths §2.3). */
export function exposeDistribution(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(DISTRIBUTION, resource);
  const { Enabled, DomainName = resource.name } = facts;
  if (Enabled === false)
    return [
      {
        ...closedWay([evidence(`${calledFirst(resource)} is disabled: dormant.`, resource)]),
        isDormant: true,
      },
    ];
  if (Enabled === undefined)
    return [unsettledWay([`whether ${resource.name} is enabled: aws cloudfront list-distributions`])];
  const names = [...(facts.Aliases?.Items ?? []), DomainName];
  const ways = behaviours(facts).map(({ path, isRestricted }) =>
    openWay(
      {
        surface: `https ${names[0]}${path}`,
        audience: 'internet',
        auth: isRestricted ? 'signed-url' : 'app',
        via: [resource.name],
        gates: [`${resource.name} behaviour ${path}`],
      },
      evidence(
        `${calledFirst(resource)} answers the whole internet for ${path}${isRestricted ? ' where its address is signed' : ''}.`,
        resource,
      ),
    ),
  );
  return behindWebAcl(ways, facts.WebACLId ?? webAclOf(estate, facts.ARN));
}

interface Behaviour {
  readonly path: string;
  readonly origin: string | undefined;
  readonly isRestricted: boolean;
}

function behaviours(facts: DistributionFacts): readonly Behaviour[] {
  const all = [{ ...facts.DefaultCacheBehavior, PathPattern: '/*' }, ...(facts.CacheBehaviors?.Items ?? [])];
  return all.map((each) => ({
    path: each.PathPattern?.startsWith('/') === true ? each.PathPattern : `/${each.PathPattern ?? ''}`,
    origin: each.TargetOriginId,
    isRestricted: each.TrustedSigners?.Enabled === true || each.TrustedKeyGroups?.Enabled === true,
  }));
}

/** The origin that a behaviour names, or those of the group that it names. */
function originsOf(
  { OriginGroups }: DistributionFacts,
  { origin }: Behaviour,
): readonly (string | undefined)[] {
  const group = (OriginGroups?.Items ?? []).find(({ Id }) => Id !== undefined && Id === origin);
  return group === undefined ? [origin] : (group.Members?.Items ?? []).map(({ OriginId }) => OriginId);
}

/** What stands behind distributions: origins by their DNS names, or by ARN where they stand in a VPC. */
export function distributionFronts(estate: AwsEstate): readonly FrontOf[] {
  const vpcOrigins = new Map(
    estate.ofType('cloudfront-vpc-origin').map((each) => {
      const { Id, OriginEndpointArn } = estate.facts(VPC_ORIGIN, each);
      return [Id, OriginEndpointArn] as const;
    }),
  );
  return estate.ofType('cloudfront-distribution').flatMap((resource) => {
    const facts = estate.facts(DISTRIBUTION, resource);
    if (facts.Enabled !== true) return [];
    return (facts.Origins?.Items ?? []).flatMap((origin): FrontOf[] => {
      const own = behaviours(facts).filter((each) => originsOf(facts, each).includes(origin.Id));
      if (own.length === 0) return [];
      const isRestricted = own.every((each) => each.isRestricted);
      const arn = vpcOrigins.get(origin.VpcOriginConfig?.VpcOriginId);
      // The regional name of a bucket and its old global one are the same.
      const name = origin.DomainName?.replace(
        /\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/,
        '.s3.amazonaws.com',
      );
      return [arn, name].flatMap((target): FrontOf[] =>
        target === undefined
          ? []
          : [
              [
                target,
                {
                  resource,
                  login: isRestricted ? 'signed-url' : null,
                  keepsClients: false,
                  // AWS writes an empty text where there is none.
                  signs: (origin.OriginAccessControlId ?? '') !== '',
                  records: () => exposeDistribution(estate, resource),
                },
              ],
            ],
      );
    });
  });
}
