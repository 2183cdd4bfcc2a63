import type { JsonObject } from '#base/json-value.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';

/** What one resource of Terraform says of the resources of AWS. */
export type Piece =
  /** A resource, in the spelling of the AWS API. */
  | { readonly is: 'resource'; readonly type: AwsKindName; readonly facts: JsonObject }
  /** What is added to the lists of a resource of the same state, which `of` names by its id, name or ARN. */
  | { readonly is: 'added'; readonly type: AwsKindName; readonly of: string; readonly facts: JsonObject }
  /** What is said of a resource that may be described elsewhere. */
  | {
      readonly is: 'part';
      readonly type: AwsKindName;
      readonly of: string;
      readonly what: string;
      readonly facts: JsonObject;
    }
  /** Something that joins two resources and is none that AWS gives an ARN. */
  | { readonly is: 'link'; readonly type: string; readonly name: string; readonly facts: JsonObject }
  /** What an id stands for in the routes of the same state: the path of an API. */
  | { readonly is: 'spelling'; readonly id: string; readonly text: string };

/** What a type of Terraform's AWS provider means, of its values. */
export type ReadValues = (values: JsonObject, place: PiecePlace) => readonly Piece[];

/** Where the resource lies, as far as its state tells. */
export interface PiecePlace {
  readonly account: string | undefined;
  readonly partition: string;
}

export function resource(type: AwsKindName, facts: JsonObject): readonly Piece[] {
  return [{ is: 'resource', type, facts }];
}

/** Nothing where the name is not known yet. */
export function added(type: AwsKindName, of: string | undefined, facts: JsonObject): readonly Piece[] {
  return of === undefined ? [] : [{ is: 'added', type, of, facts }];
}

export function part(
  type: AwsKindName,
  of: string | undefined,
  what: string,
  facts: JsonObject,
): readonly Piece[] {
  return of === undefined ? [] : [{ is: 'part', type, of, what: `terraform-${what}`, facts }];
}
