import { asNumber, asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';

/** What an expression of a template may refer to. */
export interface TemplateWorld {
  readonly subscription: string;
  readonly group: string;
  /** Parameters as the template defines them: only their default values are known. */
  readonly parameters: JsonObject;
  readonly variables: JsonObject;
}

const LONGEST = 4_000;
const DEPTH_MAX = 16;

/**
 * The value of a text in a template of Azure Resource Manager: `[concat(parameters('name'), '/default')]`. Texts
 * without brackets are themselves, `[[` stands for a bracket. Undefined where it rests on something that only a deployment knows.
 */
export function templateText(text: string, world: TemplateWorld, depth = 0): JsonValue | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  if (text.startsWith('[[')) return text.slice(1);
  if (text.length > LONGEST || depth > DEPTH_MAX) return undefined;
  const reader = new ExpressionReader(text.slice(1, -1), world, depth);
  return reader.whole();
}

/** All texts of a value, at every depth; members that cannot be told are left out. */
export function templateValue(
  value: JsonValue | undefined,
  world: TemplateWorld,
  depth = 0,
): JsonValue | undefined {
  if (depth > DEPTH_MAX * 2) return undefined;
  if (typeof value === 'string') return templateText(value, world);
  if (Array.isArray(value))
    return value.map((each) => templateValue(each, world, depth + 1)).filter((each) => each !== undefined);
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, each]) => {
      const known = templateValue(each, world, depth + 1);
      return known === undefined ? [] : [[key, known] as const];
    }),
  );
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][A-Za-z0-9_]*)|([()[\],.]))/y;

/** A reader of one expression, by descent; what it does not understand is unknown. */
class ExpressionReader {
  readonly #text: string;
  readonly #world: TemplateWorld;
  readonly #depth: number;
  #at = 0;
  #isBroken = false;

  constructor(text: string, world: TemplateWorld, depth: number) {
    this.#text = text;
    this.#world = world;
    this.#depth = depth;
  }

  whole(): JsonValue | undefined {
    const value = this.#value(this.#depth);
    return this.#isBroken || this.#text.slice(this.#at).trim() !== '' ? undefined : value;
  }

  #token(): RegExpExecArray | null {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text);
    if (token === null) this.#isBroken = true;
    else this.#at = TOKEN.lastIndex;
    return token;
  }

  #skip(mark: string): boolean {
    const before = this.#at;
    if (this.#text.slice(before).trim() !== '' && this.#token()?.[4] === mark) return true;
    this.#at = before;
    return false;
  }

  #value(depth: number): JsonValue | undefined {
    if (depth > DEPTH_MAX) this.#isBroken = true;
    if (this.#isBroken) return undefined;
    const [, text, number, name] = this.#token() ?? [];
    let value: JsonValue | undefined;
    if (text !== undefined) value = text.replaceAll("''", "'");
    else if (number !== undefined) value = Number(number);
    else if (name !== undefined && this.#skip('(')) value = this.#call(name, depth);
    else this.#isBroken = true;
    while (!this.#isBroken) {
      if (this.#skip('.')) value = asObject(value)?.[this.#token()?.[3] ?? ''];
      else if (this.#skip('[')) {
        const index = this.#value(depth + 1);
        value = Array.isArray(value) ? value[asNumber(index) ?? -1] : asObject(value)?.[asText(index) ?? ''];
        if (!this.#skip(']')) this.#isBroken = true;
      } else break;
    }
    return value;
  }

  #call(name: string, depth: number): JsonValue | undefined {
    const given: (JsonValue | undefined)[] = [];
    while (!this.#isBroken && !this.#skip(')')) {
      if (given.length > 0 && !this.#skip(',')) this.#isBroken = true;
      given.push(this.#value(depth + 1));
    }
    return this.#isBroken ? undefined : this.#result(name.toLowerCase(), given);
  }

  #result(name: string, given: readonly (JsonValue | undefined)[]): JsonValue | undefined {
    const world = this.#world;
    const [first] = given;
    const inside = (value: JsonValue | undefined) =>
      typeof value === 'string' ? templateText(value, world, this.#depth + 1) : value;
    switch (name) {
      case 'parameters':
        return inside(asObject(world.parameters[asText(first) ?? ''])?.['defaultValue']);
      case 'variables':
        return inside(world.variables[asText(first) ?? '']);
      case 'subscription':
        return { subscriptionId: world.subscription, id: `/subscriptions/${world.subscription}` };
      case 'resourcegroup':
        return { name: world.group, id: groupId(world) };
      case 'concat':
        return given.every((each) => typeof each === 'string' || typeof each === 'number')
          ? given.join('')
          : undefined;
      case 'string':
        return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
      case 'tolower':
        return asText(first)?.toLowerCase();
      case 'toupper':
        return asText(first)?.toUpperCase();
      case 'format': {
        const [pattern, ...values] = given.map((each) =>
          typeof each === 'number' ? String(each) : asText(each),
        );
        if (pattern === undefined || values.includes(undefined)) return undefined;
        return pattern.replace(/\{(\d+)\}/g, (mark, index) => values[Number(index)] ?? mark);
      }
      case 'resourceid':
        return resourceId(given, world);
      default:
        return undefined;
    }
  }
}

/** `resourceId([subscription], [group], type, name, name…)`. */
function resourceId(given: readonly (JsonValue | undefined)[], world: TemplateWorld): string | undefined {
  const texts = given.map((each) => asText(each));
  const at = texts.findIndex((each) => each?.includes('/') === true);
  if (at < 0 || at > 2 || texts.includes(undefined)) return undefined;
  const [group = world.group, subscription = world.subscription] = (texts.slice(0, at) as string[]).reverse();
  return armId(texts[at] as string, texts.slice(at + 1) as string[], { ...world, group, subscription });
}

/** The id of a resource from its type and the names of it and of what it is in; undefined where their numbers differ. */
export function armId(
  type: string,
  names: readonly string[],
  world: Pick<TemplateWorld, 'group' | 'subscription'>,
): string | undefined {
  const [provider = '', ...types] = type.split('/');
  const parts = names.flatMap((name) => name.split('/'));
  if (types.length === 0 || types.length !== parts.length) return undefined;
  return `${groupId(world)}/providers/${provider}/${types.map((each, index) => `${each}/${parts[index]}`).join('/')}`;
}

function groupId({ subscription, group }: Pick<TemplateWorld, 'group' | 'subscription'>): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}
