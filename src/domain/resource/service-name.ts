import { tagKeyText, tagsByKey } from './tag-key.ts';

/** What is known about which application a resource belongs to. */
export interface ServiceClues {
  /** Services that a person gave it: they win. */
  readonly declared?: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Services whose entry in a catalogue names it: they count where no tag does. */
  readonly catalogued?: readonly string[] | undefined;
  /** What it is bound up with tells, surest first: they count where nothing else does. */
  readonly joined?: readonly JoinedServices[] | undefined;
}

/** Services that are told by what a resource is bound up with: its own name, the code of its image, what it leads to. */
export interface JoinedServices {
  readonly services: readonly string[];
  readonly reason: string;
  readonly confidence: number;
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
const JOINED_CONFIDENCE = 0.7;

/**
 * The services that a resource is part of: what was declared, else what its strongest tag names. Several
 * labels say the same thing at different heights (`part-of: shop`, `name: cart`), so only the first counts: one
 * resource must not look like three services. Empty when nothing tells.
 */
export function deriveServices(clues: ServiceClues): DerivedServices {
  const declared = distinct(clues.declared ?? []);
  if (declared.length > 0) return { services: declared, reason: 'declared', confidence: 1 };
  const byKey = tagsByKey(clues.tags);
  for (const { key, value } of KEYS.flatMap((wanted) => byKey.get(tagKeyText(wanted)) ?? [])) {
    const names = distinct(value.slice(0, 1_000).split(','));
    if (names.length > 0) return { services: names, reason: `tag ${key}`, confidence: TAG_CONFIDENCE };
  }
  const catalogued = distinct(clues.catalogued ?? []);
  if (catalogued.length > 0)
    return { services: catalogued, reason: 'service catalogue', confidence: CATALOGUE_CONFIDENCE };
  for (const { services, reason, confidence } of clues.joined ?? []) {
    const names = distinct(services);
    if (names.length > 0) return { services: names, reason, confidence };
  }
  return { services: [], reason: null, confidence: 0 };
}

/** The service of ECS that a service or a task of it is by its own name. */
export function ecsService(type: string, name: string, group: string | undefined): readonly JoinedServices[] {
  const service = type === 'ecs-service' ? name : /^service:(.+)$/.exec(group ?? '')?.[1];
  if (service === undefined || service === '' || !type.startsWith('ecs-')) return [];
  return [{ services: [service], reason: 'the name of its ECS service', confidence: TAG_CONFIDENCE }];
}

/** The services of a catalogue from whose repositories its images were built. */
export function servicesOfImages(services: readonly string[]): JoinedServices {
  return { services, reason: 'the repository that its image was built from', confidence: JOINED_CONFIDENCE };
}

/** The services that it leads to. */
export function servicesBehind(services: readonly string[]): JoinedServices {
  return { services, reason: 'what it leads to', confidence: JOINED_CONFIDENCE };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim().slice(0, NAME_MAX)).filter((name) => name !== ''))];
}
