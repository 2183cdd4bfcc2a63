import { asObject, asText, type JsonValue } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import type { EstateResource } from '../risk/estate.ts';
import { namesOf } from './aws-estate.ts';
import { POLICY_SERVICES } from './aws-policy-services.ts';

/** A resource that is other than before; null where it was not there. */
export interface ChangedResource {
  readonly before: EstateResource | null;
  readonly after: EstateResource;
}

/** What rests on a resource: those of these types that hold one of its texts, or are called so. */
interface Spread {
  readonly texts: (resource: EstateResource) => readonly string[];
  readonly to: readonly string[] | 'any';
}

function members(...names: readonly string[]): Spread['texts'] {
  return ({ facts }) => names.flatMap((name) => textsOf(facts[name]));
}

/** What may change when a resource of a type was changed, or stands otherwise because of another one. */
const SPREADS: Readonly<Record<string, readonly Spread[]>> = {
  'security-group': [{ texts: namesOf, to: 'any' }],
  'launch-template-version': [{ texts: members('LaunchTemplateId'), to: ['auto-scaling-group'] }],
  'network-interface': [
    { texts: members('NetworkInterfaceId'), to: ['ecs-task'] },
    { texts: ({ facts }) => textsOf(asObject(facts['Attachment'])?.['InstanceId']), to: ['ec2-instance'] },
  ],
  'ecs-task': [
    { texts: ({ facts }) => [asText(facts['group'])?.replace(/^service:/, '') ?? ''], to: ['ecs-service'] },
  ],
  'ec2-instance': [{ texts: members('InstanceId'), to: ['beanstalk-environment'] }],
  'load-balancer': [
    { texts: namesOf, to: ['target-group', 'beanstalk-environment'] },
    // Whether a network has a load balancer that answers decides about what may stand behind it unseen.
    { texts: members('VpcId'), to: 'any' },
  ],
  'classic-load-balancer': [
    { texts: namesOf, to: ['beanstalk-environment'] },
    { texts: members('VPCId'), to: 'any' },
  ],
  'target-group': [{ texts: members('TargetGroupArn', 'TargetGroupName'), to: ['target-health'] }],
  'target-health': [{ texts: members('Id'), to: 'any' }],
  'rds-instance': [{ texts: namesOf, to: ['rds-cluster'] }],
  'access-finding': [{ texts: members('Resource'), to: 'any' }],
  's3-bucket': [{ texts: namesOf, to: ['cloudtrail-trail', 's3-bucket', 's3-access-point'] }],
};

/** Types of which a change is followed; a change of any other one is taken to be about everything. */
const FOLLOWED: ReadonlySet<string> = new Set([
  ...Object.keys(POLICY_SERVICES).filter((type) => type !== 'kms-key'),
  'security-group',
  'rds-instance',
  'rds-cluster',
  'rds-snapshot',
  'rds-cluster-snapshot',
  'snapshot',
  'ami',
  'ssm-document',
  'access-finding',
]);

/** So many changes at once are looked at with everything else. */
const CHANGES_MAX = 200;

/**
 * The keys of the resources of an account of AWS whose ways in may be other ones after these changes; null where it
 * may be any. All others are as they were: that is what makes the cost of a change follow from what it touches.
 */
export function affectedByChanges(
  resources: readonly EstateResource[],
  changes: readonly ChangedResource[],
): ReadonlySet<string> | null {
  if (changes.length > CHANGES_MAX) return null;
  for (const { before, after } of changes)
    if (!FOLLOWED.has(after.type) || (before !== null && !isSameThing(before, after))) return null;
  const index = new TextIndex(resources);
  const affected = new Map<string, EstateResource>();
  const open: EstateResource[] = [];
  for (const { before, after } of changes) {
    affected.set(after.key, after);
    open.push(after, ...(before === null ? [] : [before]));
  }
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const { texts, to } of SPREADS[one.type] ?? [])
      for (const text of texts(one))
        for (const other of index.holding(text))
          if ((to === 'any' || to.includes(other.type)) && !affected.has(other.key)) {
            affected.set(other.key, other);
            open.push(other);
          }
  return new Set(affected.keys());
}

function isSameThing(before: EstateResource, after: EstateResource): boolean {
  return before.type === after.type && before.region === after.region && before.account === after.account;
}

/** Which resources hold a text anywhere in their description, or are called so. Built when it is first asked. */
class TextIndex {
  readonly #resources: readonly EstateResource[];
  #holders: Map<string, EstateResource[]> | null = null;

  constructor(resources: readonly EstateResource[]) {
    this.#resources = resources;
  }

  holding(text: string): readonly EstateResource[] {
    if (text === '') return [];
    this.#holders ??= this.#build();
    return this.#holders.get(text) ?? [];
  }

  #build(): Map<string, EstateResource[]> {
    const holders = new Map<string, EstateResource[]>();
    for (const resource of this.#resources)
      for (const text of new Set([...namesOf(resource), ...textsOf(resource.facts)]))
        addToList(holders, text, resource);
    return holders;
  }
}

const TEXT_MAX = 512;

/** All texts within a value; long ones are no names. */
function textsOf(value: JsonValue | undefined): readonly string[] {
  const found: string[] = [];
  const open: (JsonValue | undefined)[] = [value];
  for (let one = open.pop(); one !== undefined || open.length > 0; one = open.pop()) {
    if (typeof one === 'string') {
      if (one.length <= TEXT_MAX) found.push(one);
    } else if (Array.isArray(one)) open.push(...one);
    else if (typeof one === 'object' && one !== null) open.push(...Object.values(one));
  }
  return found;
}
