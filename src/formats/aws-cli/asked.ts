import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';

/** What an answer needs besides its own members. */
export interface Asked {
  readonly place: AwsPlace;
  /** For the parameter of the request, which the answer does not repeat. */
  readonly fileName: string;
}
