import { asObject, asObjects, asText } from '#base/json-value.ts';
import { remembered } from '#base/remembered.ts';

/** The parts of an ARN; empty texts where it leaves a part out. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Null for a text that is no ARN. */
export function parseArn(text: string | undefined): Arn | null {
  return text === undefined || !text.startsWith('arn:') || text.length > 2_048 ? null : split(text);
}

const split = remembered(2_000, (text: string): Arn | null => {
  const [, partition = '', service = '', region = '', account = '', ...resource] = text.split(':');
  if (resource.length === 0 || resource[0] === '') return null;
  return { partition, service, region, account, resource: resource.join(':') };
});

/** The text if it is an account number: twelve digits. Sample data and redacted reports hold other things. */
export function accountNumber(text: unknown): string | undefined {
  return typeof text === 'string' && /^\d{12}$/.test(text) ? text : undefined;
}

/** `us-west-2b` is in `us-west-2`, `us-west-2-lax-1a` too, `eusc-de-east-1a` in `eusc-de-east-1`. */
export function regionOfZone(zone: unknown): string | undefined {
  if (typeof zone !== 'string' || zone.length > 40) return undefined;
  return /^([a-z]{2,4}(?:-[a-z]+){1,3}-\d)(?:[a-z]|-[a-z0-9-]+)?$/.exec(zone)?.[1];
}

const TAGS_MAX = 100;

/** Tags in each of the spellings of AWS: a list of Key and Value (or key and value), or an object. */
export function readTags(value: unknown): Readonly<Record<string, string>> | undefined {
  const pairs: [string, string][] = [];
  for (const tag of asObjects(value)) {
    const key = asText(tag['Key']) ?? asText(tag['key']);
    if (key !== undefined) pairs.push([key, asText(tag['Value']) ?? asText(tag['value']) ?? '']);
  }
  const object = asObject(value);
  if (object !== undefined)
    for (const [key, text] of Object.entries(object)) if (typeof text === 'string') pairs.push([key, text]);
  if (pairs.length === 0) return undefined;
  // fromEntries defines own members, so that a tag called __proto__ is a tag and nothing more.
  return Object.fromEntries(pairs.slice(0, TAGS_MAX));
}

/** The same of a description that tells all of them: an empty list says that there are none. */
export function readAllTags(value: unknown): Readonly<Record<string, string>> | undefined {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? {} : readTags(value);
}

/** The key of AWS that encrypts a secret for which no other was chosen; AWS leaves it out of what it tells of the secret. */
export const KEY_OF_SECRETS = 'alias/aws/secretsmanager';
