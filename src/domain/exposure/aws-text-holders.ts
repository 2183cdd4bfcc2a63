import { asText, type JsonValue } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import type { EstateResource } from '../risk/estate.ts';
import { namesOf } from './aws-estate.ts';

/**
 * Which resources hold a text anywhere in their description, or are called so. What an answer of its own says of a
 * resource is the resource's. Built when it is first asked.
 */
export class AwsTextHolders {
  readonly #resources: readonly EstateResource[];
  #holders: Map<string, EstateResource[]> | null = null;
  #owners: Map<string, EstateResource[]> | null = null;

  constructor(resources: readonly EstateResource[]) {
    this.#resources = resources;
  }

  holding(text: string): readonly EstateResource[] {
    if (text === '') return [];
    this.#holders ??= this.#build();
    return this.#holders.get(text) ?? [];
  }

  /** Whom a part describes. */
  ownersOf({ facts }: EstateResource): readonly EstateResource[] {
    this.#owners ??= this.#findOwners();
    return this.#owners.get(`${facts['OfType']} ${facts['Of']}`) ?? [];
  }

  #build(): Map<string, EstateResource[]> {
    const holders = new Map<string, EstateResource[]>();
    for (const resource of this.#resources) {
      const texts = new Set([...namesOf(resource), ...textsOf(resource.facts)]);
      const own = resource.type === 'resource-part' ? this.ownersOf(resource) : [resource];
      for (const text of texts) for (const holder of own) addToList(holders, text, holder);
    }
    return holders;
  }

  #findOwners(): Map<string, EstateResource[]> {
    const described = new Set(
      this.#resources.flatMap(({ type, facts }) =>
        type === 'resource-part' ? (asText(facts['OfType']) ?? []) : [],
      ),
    );
    const owners = new Map<string, EstateResource[]>();
    for (const resource of this.#resources)
      if (described.has(resource.type))
        for (const name of new Set([resource.name, ...namesOf(resource)]))
          addToList(owners, `${resource.type} ${name}`, resource);
    return owners;
  }
}

const TEXT_MAX = 512;

/** All texts within a value; long ones are no names. Of a list in one text its items, of the ARN of a key its id too. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  const found: string[] = [];
  const open: (JsonValue | undefined)[] = [value];
  for (let one = open.pop(); one !== undefined || open.length > 0; one = open.pop()) {
    if (typeof one === 'string') {
      if (one.length > TEXT_MAX) continue;
      found.push(one);
      if (one.startsWith('subnet-') && one.includes(','))
        found.push(...one.split(',').map((id) => id.trim()));
      else if (one.includes(':kms:')) found.push(one.replace(/^.*key\//, ''));
    } else if (Array.isArray(one)) open.push(...one);
    else if (typeof one === 'object' && one !== null) open.push(...Object.values(one));
  }
  return found;
}
