import { WEB_ACL_ASSOCIATION } from '../resource/facts/aws-network-facts.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { ExposureRecord } from './exposure-record.ts';

const aclByResource = (estate: AwsEstate): ReadonlyMap<string, string> =>
  new Map(
    estate.ofType('web-acl-association').flatMap((each): [string, string][] => {
      const { WebAcl, ResourceArn } = estate.facts(WEB_ACL_ASSOCIATION, each);
      return WebAcl === undefined || ResourceArn === undefined ? [] : [[ResourceArn, WebAcl]];
    }),
  );

/** The web ACL in front of a resource, by its ARN; undefined where none was told. */
export function webAclOf(estate: AwsEstate, arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : estate.derived(aclByResource).get(arn);
}

/**
 * Ways that pass a web ACL (a name, or an ARN that has it). It is an attribute of theirs and closes none: what its
 * rules let through is not looked at.
 */
export function behindWebAcl(
  records: readonly ExposureRecord[],
  acl: string | undefined,
): readonly ExposureRecord[] {
  if (acl === undefined || acl === '') return records;
  const filteredBy = /\/webacl\/([^/]+)\//.exec(acl)?.[1] ?? acl;
  return records.map((record) => (record.verdict === 'no' ? record : { ...record, filteredBy }));
}
