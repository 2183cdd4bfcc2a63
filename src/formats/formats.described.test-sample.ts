import type { JsonValue } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { identifyResource, type Naming } from '#domain/resource/resource-key.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import { FORMATS } from './formats.ts';
import { readHead } from './reading/describe-head.ts';
import { detectFormat } from './reading/detect-format.ts';
import { openBytes } from './reading/open-input.ts';

const NAMING: Naming = { sourceId: 's', cluster: 'c', repository: null, artifact: null };
export const START = Date.UTC(2026, 10, 28);

/** What an inventory knows after these files, the later ones over the earlier. */
export async function described(
  files: readonly (readonly [name: string, prints: JsonValue])[],
): Promise<readonly EstateResource[]> {
  const known = new Map<string, EstateResource>();
  for (const [index, [name, prints]] of files.entries()) {
    const text = typeof prints === 'string' ? prints : JSON.stringify(prints);
    for await (const input of openBytes(Buffer.from(text), name)) {
      const format = detectFormat(await readHead(input), FORMATS);
      if (format === undefined) throw new Error(`No format reads ${name}`);
      const context = { root: null, account: '111111111111', region: 'eu-west-1', cluster: 'c' };
      for await (const item of format.read(input, context)) {
        if (item.kind !== 'record' && item.kind !== 'beside') continue;
        for (const observed of item.observations)
          if (observed.kind === 'resource') learn(known, observed, START + index);
          else if (
            observed.kind === 'coverage' &&
            observed.listing === undefined &&
            observed.cover !== undefined
          )
            known.set(observed.cover, coverOf(observed.cover));
      }
    }
  }
  return [...known.values()];
}

function learn(known: Map<string, EstateResource>, observed: ResourceObservation, seenAt: number): void {
  const { key, name } = identifyResource(observed.resource, NAMING);
  const { type, account = null, region = null, tags = {}, facts } = observed;
  known.set(key, { key, type, name, account, region, tags, facts, seenAt, provenance: 'inventory' });
}

/** All objects of a kind in a cluster, or in one of its namespaces, were listed. */
function coverOf(cover: string): EstateResource {
  const facts = { cover };
  const place = { account: null, region: null, tags: {} };
  return {
    key: cover,
    type: 'inventory-coverage',
    name: cover,
    ...place,
    facts,
    seenAt: START,
    provenance: 'inventory',
  };
}
