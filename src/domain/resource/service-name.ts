/** What is known about which application a resource belongs to. */
export interface ServiceClues {
  /** Services that a catalogue or a person gave it: they win. */
  readonly declared?: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
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

/**
 * The services that a resource is part of: what was declared, else what its strongest tag names. Several
 * labels say the same thing at different heights (`part-of: shop`, `name: cart`), so only the first counts: one
 * resource must not look like three services. Empty when nothing tells.
 */
export function deriveServices(clues: ServiceClues): readonly string[] {
  const declared = distinct(clues.declared ?? []);
  if (declared.length > 0) return declared;
  const byKey = new Map(Object.entries(clues.tags).map(([key, value]) => [key.toLowerCase(), value]));
  for (const key of KEYS) {
    const names = distinct((byKey.get(key) ?? '').slice(0, 1_000).split(','));
    if (names.length > 0) return names;
  }
  return [];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim().slice(0, NAME_MAX)).filter((name) => name !== ''))];
}
