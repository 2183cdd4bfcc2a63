import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import type { Asked } from './asked.ts';

/** One list that the AWS CLI answers with, known by its key and by what its elements hold. */
export interface ListCall {
  readonly key: string;
  /** Type of its elements; null for lists of what is no resource. */
  readonly type: AwsKindName | null;
  /** Members that every element has; null where the elements are texts. */
  readonly proof: readonly string[] | null;
  /** Whether an element is an entry of the report, or belongs beside the entries. */
  readonly unit: 'record' | 'beside';
  /** Member of an element that lists the entries, which share the element's owner. */
  readonly inner?: string | undefined;
  /** The element in the spelling of its type; as it stands where absent. */
  readonly respelled?: ((element: JsonValue) => JsonObject) | undefined;
  /** What an element says where it is no resource of a type: a part of one, a link. */
  readonly describe?: ((element: JsonObject, asked: Asked) => readonly Observation[]) | undefined;
  /** The call wants a parent, an owner or names, so its list is never known to be all of its type. */
  readonly isAsked?: true | undefined;
  /** Other tools answer under the same key: what is empty is nobody's. */
  readonly isShared?: true | undefined;
  /** What the list says as a whole, also an empty one. */
  readonly whole?: ((asked: Asked) => readonly Observation[]) | undefined;
}
