import { asArray, asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName } from '../reading/aws/aws-kinds.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import type { Piece } from './piece.ts';
import type { StateResource } from './state-resource.ts';

/** A resource of AWS as a state describes it, joined from all that names it. */
export interface JoinedResource {
  readonly type: AwsKindName;
  readonly from: StateResource;
  facts: JsonObject;
}

interface JoinedRoute {
  readonly name: string;
  readonly facts: JsonObject;
  readonly place: AwsPlace;
}

/** Terraform writes one resource of AWS as several (a group and its rules); here they become one again. */
export class JoinedPieces {
  readonly #resources: JoinedResource[] = [];
  readonly #byName = new Map<string, JoinedResource>();
  readonly #added: (Piece & { readonly is: 'added' })[] = [];
  readonly #subnetGroups = new Map<string, JsonObject>();
  readonly #spellings = new Map<string, string>();
  readonly #routes: JoinedRoute[] = [];

  add(type: AwsKindName, facts: JsonObject, from: StateResource): void {
    const joined: JoinedResource = { type, facts, from };
    this.#resources.push(joined);
    const { id, arn, name }: AwsKind = AWS_KINDS[type];
    for (const member of [id, arn, name]) {
      const spelled = member === null ? undefined : asText(facts[member]);
      if (spelled !== undefined) this.#byName.set(`${type} ${spelled}`, joined);
    }
  }

  addTo(piece: Piece & { readonly is: 'added' }): void {
    this.#added.push(piece);
  }

  /** Databases name the group of their subnets, and AWS describes it with them. */
  addSubnetGroup(name: string, facts: JsonObject): void {
    this.#subnetGroups.set(name, facts);
  }

  /** What an id stands for in routes. */
  spell(id: string, text: string): void {
    this.#spellings.set(id, text);
  }

  /** A route names its path by an id, which may be spelled later in the state. */
  addRoute(name: string, facts: JsonObject, place: AwsPlace): void {
    this.#routes.push({ name, facts, place });
  }

  /** The routes of APIs, by their paths as far as the state spells them. */
  routes(): readonly JoinedRoute[] {
    return this.#routes.map((route) => {
      const [, verb, id = ''] = /^(\S+) (\S+)$/.exec(asText(route.facts['Route']) ?? '') ?? [];
      const path = this.#spellings.get(id);
      return path === undefined ? route : { ...route, facts: { ...route.facts, Route: `${verb} ${path}` } };
    });
  }

  /** In the order of the state. What is added to a resource that the state does not have is another's business. */
  all(): readonly JoinedResource[] {
    for (const { type, of, facts } of this.#added) {
      const joined = this.#byName.get(`${type} ${of}`);
      if (joined !== undefined) joined.facts = merged(joined.facts, facts);
    }
    this.#added.length = 0;
    for (const joined of this.#resources) {
      const group = asText(asObject(joined.facts['DBSubnetGroup'])?.['DBSubnetGroupName']);
      const subnets = group === undefined ? undefined : this.#subnetGroups.get(group);
      if (subnets !== undefined) joined.facts = { ...joined.facts, DBSubnetGroup: subnets };
    }
    return this.#resources;
  }
}

function merged(into: JsonObject, more: JsonObject): JsonObject {
  const result: Record<string, JsonValue | undefined> = { ...into };
  for (const [key, value] of Object.entries(more)) {
    const own = into[key];
    if (value === undefined) continue;
    if (key === 'NetworkInterfaces') result[key] = withAddress(own, value);
    else if (Array.isArray(value)) result[key] = [...asArray(own), ...value];
    else if (asObject(value) !== undefined) result[key] = merged(asObject(own) ?? {}, value as JsonObject);
    else result[key] = value;
  }
  return result as JsonObject;
}

/** An address that is given later is one of the first interface's. */
function withAddress(own: JsonValue | undefined, more: JsonValue): JsonValue {
  const [first, ...others] = asArray(own);
  return [merged(asObject(first) ?? {}, asObject(asArray(more)[0]) ?? {}), ...others];
}
