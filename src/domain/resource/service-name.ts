/** What is known about which application a resource belongs to. */
export interface ServiceClues {
  /** Services that a person gave it: they win. */
  readonly declared?: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Services whose entry in a catalogue names it: they count where no tag does. */
  readonly catalogued?: readonly string[] | undefined;
}

export interface DerivedServices {
  readonly services: readonly string[];
  /** Where they were read, for people; null when nothing tells. */
  readonly reason: string | null;
  /** 0 to 1, by the kind of place. */
  readonly confidence: number;
}

/** Tag and label keys that name a service, in lower case, strongest first (design: attack-paths, service membership). */
const KEYS = [
  'service',
  'tags.datadoghq.com/service',
  'dd.service',
  'dd_service',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/name',
  'k8s-app',
  'app',
  'application',
  'app.kubernetes.io/instance',
  'meta.helm.sh/release-name',
  'release',
  'aws:ecs:servicename',
  'aws:cloudformation:stack-name',
];

const NAME_MAX = 100;
const TAG_CONFIDENCE = 0.9;
const CATALOGUE_CONFIDENCE = 0.9;

/**
 * The services that a resource is part of: what was declared, else what its strongest tag names. Several
 * labels say the same thing at different heights (`part-of: shop`, `name: cart`), so only the first counts: one
 * resource must not look like three services. Empty when nothing tells.
 */
export function deriveServices(clues: ServiceClues): DerivedServices {
  const declared = distinct(clues.declared ?? []);
  if (declared.length > 0) return { services: declared, reason: 'declared', confidence: 1 };
  const byKey = new Map(
    Object.entries(clues.tags).map(([key, value]) => [key.toLowerCase(), { key, value }]),
  );
  for (const wanted of KEYS) {
    const tag = byKey.get(wanted);
    const names = distinct((tag?.value ?? '').slice(0, 1_000).split(','));
    if (names.length > 0) return { services: names, reason: `tag ${tag?.key}`, confidence: TAG_CONFIDENCE };
  }
  const catalogued = distinct(clues.catalogued ?? []);
  if (catalogued.length > 0)
    return { services: catalogued, reason: 'service catalogue', confidence: CATALOGUE_CONFIDENCE };
  return { services: [], reason: null, confidence: 0 };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim().slice(0, NAME_MAX)).filter((name) => name !== ''))];
}
