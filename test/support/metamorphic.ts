import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/base/json-value.ts';
import type { ReportFormat } from '../../src/domain/ports/report-format.ts';
import { identifyResource } from '../../src/domain/resource/resource-key.ts';
import type { EstateResource, InventoryRisks } from '../../src/domain/risk/estate.ts';
import { openBytes } from '../../src/formats/reading/open-input.ts';

/** An inventory as files, so that the same estate can be told in other ways: shuffled, renamed, split, written anew. */
export type Files = Readonly<Record<string, JsonValue>>;

export function filesOf(folder: string, wanted: RegExp = /\.json$/): Files {
  const names = readdirSync(folder).filter((name) => wanted.test(name) && !name.endsWith('.expected.json'));
  return Object.fromEntries(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonValue]),
  );
}

const SEEN = Date.UTC(2026, 9, 1);

/** The resources that a format reads from files, merged as imports of one source merge them. `write` makes the text of each. */
export async function estateOf(
  format: ReportFormat,
  files: Files,
  cluster: string | null = null,
  write: (value: JsonValue) => string = (value) => JSON.stringify(value),
): Promise<readonly EstateResource[]> {
  const resources = new Map<string, EstateResource>();
  const add = (resource: EstateResource): void => {
    const before = resources.get(resource.key);
    resources.set(resource.key, { ...resource, facts: { ...before?.facts, ...resource.facts } });
  };
  for (const [name, value] of Object.entries(files))
    for await (const input of openBytes(Buffer.from(write(value)), name))
      for await (const item of format.read(input, { root: null, account: null, region: null, cluster })) {
        if (item.kind !== 'record' && item.kind !== 'beside') continue;
        for (const each of item.observations) {
          if (each.kind === 'coverage' && each.cover !== undefined && cluster !== null)
            add({
              key: `k8s:${cluster}#${each.cover}`,
              type: 'inventory-coverage',
              name: each.cover,
              account: null,
              region: null,
              tags: {},
              facts: { cover: each.cover },
              seenAt: SEEN,
              provenance: format.id,
            });
          if (each.kind !== 'resource') continue;
          const { key } = identifyResource(each.resource, {
            sourceId: 's',
            cluster,
            repository: null,
            artifact: null,
          });
          const { type, account = null, region = null, tags = {}, facts } = each;
          add({
            key,
            type,
            name: each.name,
            account,
            region,
            tags,
            facts,
            seenAt: SEEN,
            provenance: format.id,
          });
        }
      }
  return [...resources.values()];
}

/** Numbers that look random and are the same every time. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The same value with its lists and members in another order. */
export function rearranged(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value)) return shuffled(value, random).map((each) => rearranged(each, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    shuffled(Object.entries(value), random).map(([name, member]) => [
      name,
      rearranged(member as JsonValue, random),
    ]),
  );
}

/** Every text of a value, made anew; names of members too where `names` says so. */
export function withTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withTexts(member as JsonValue, change)]),
  );
}

/** Each file as two: of each of its lists, every second element in the one and the others in the other. */
export function halved(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, value]) => {
      const lists = Object.entries(value as JsonObject).filter(([, member]) => Array.isArray(member));
      if (lists.every(([, list]) => (list as JsonValue[]).length < 2)) return [[name, value]];
      return [0, 1].map((half) => [
        `${half === 0 ? 'a' : 'b'}-${name}`,
        {
          ...(value as JsonObject),
          ...Object.fromEntries(
            lists.map(([member, list]) => [
              member,
              (list as JsonValue[]).filter((_, index) => index % 2 === half),
            ]),
          ),
        },
      ]);
    }),
  );
}

/** The same JSON as another writer writes it: indented, each letter beyond ASCII and some others as escapes. */
export function writtenOtherwise(value: JsonValue): string {
  return JSON.stringify(value, null, '\t').replace(
    /[\u0080-\uffff]|(?<=")s/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What is said of a resource, without the sentences and without the order in which it is said. */
export function verdictOf(risks: InventoryRisks): string {
  const ways = risks.exposure.map(
    ({ verdict, audience, auth, surface, isDormant }) =>
      `${verdict} ${audience} ${auth} ${[...surface.split(', ')].sort().join()} ${isDormant === true}`,
  );
  return [
    risks.publiclyAccessible.state,
    risks.privilegedAccess.state,
    risks.privilege.level,
    ...[...new Set(ways)].sort(),
  ].join('\n');
}
