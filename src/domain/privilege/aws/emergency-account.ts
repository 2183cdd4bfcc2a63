import { type Instant, parseInstant } from '#base/instant.ts';
import type { Principal } from './iam-principal.ts';

const IN_USE_DAYS = 90;
const DAY_MS = 86_400_000;

/** How accounts that wait for an emergency are called. */
const NAME = /(?:^|[^a-z])(?:break[-_ ]?glass|emergency[-_ ]?access|fire[-_ ]?call)(?:$|[^a-z])/;
const PURPOSES = new Set(['purpose', 'usage', 'use', 'accounttype', 'type', 'role']);

/**
 * An account for emergencies ("break-glass", attack-paths §3.3), by its name or its tags, that is in use: it has an
 * access key, or somebody came in by it in the 90 days before it was described. A sentence without a subject, or null.
 */
export function emergencyUse({ resource, keys, lastUsed }: Principal): string | null {
  if (!isForEmergencies(resource.name, resource.tags)) return null;
  if (keys !== undefined && keys > 0) return 'is an account for emergencies that has an access key';
  const used = usedAt(lastUsed);
  if (used === null || used <= resource.seenAt - IN_USE_DAYS * DAY_MS) return null;
  return `is an account for emergencies that is in use: last on ${new Date(used).toISOString().slice(0, 10)}`;
}

function usedAt(lastUsed: string | undefined): Instant | null {
  return lastUsed === undefined ? null : parseInstant(lastUsed);
}

function isForEmergencies(name: string, tags: Readonly<Record<string, string>>): boolean {
  if (NAME.test(name.toLowerCase())) return true;
  return Object.entries(tags).some(([key, value]) => {
    const [plainKey, plainValue] = [key, value].map((text) => text.toLowerCase());
    if (PURPOSES.has((plainKey as string).replace(/[-_: ]/g, ''))) return NAME.test(plainValue as string);
    return NAME.test(plainKey as string) && !/^(?:false|no|0)$/.test(plainValue as string);
  });
}
