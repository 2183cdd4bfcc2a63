import type { JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { ACCOUNT_PUBLIC_ACCESS_BLOCK } from '#domain/resource/facts/aws-facts.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { accountNumber } from '../reading/aws/aws-names.ts';
import { describeAccountSetting } from '../reading/aws/describe-account-setting.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import { requestParameter } from './request-parameter.ts';

export const BLOCK_CALL = 'get-public-access-block';

/** The same answer comes for a bucket (`s3api`) and for the whole account (`s3control`); only the file's name tells. */
export function isAboutAccount(fileName: string): boolean {
  return fileName.includes('s3control');
}

/** What S3 blocks in a whole account: the one in the file's name, else the one of its folder. */
export function accountBlock(flags: JsonObject, fileName: string, place: AwsPlace): readonly Observation[] {
  const account = accountNumber(requestParameter(fileName, BLOCK_CALL)) ?? place.account;
  const facts = trimFacts(ACCOUNT_PUBLIC_ACCESS_BLOCK, { PublicAccessBlock: flags });
  return [describeAccountSetting('s3-account-public-access-block', { account }, facts)];
}
