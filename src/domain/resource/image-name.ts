/** The parts of an image reference: `registry/repository:tag@digest`. */
export interface ImageName {
  /** Null when the reference names none. */
  readonly registry: string | null;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

const DOCKER_HUB_HOSTS = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'hub.docker.com',
]);
const ECR_ARN =
  /^arn:(aws[a-z-]*):ecr:([a-z0-9-]+):(\d{12}):repository\/([^@]+?)(?:\/(sha256:[0-9a-f]{64}))?$/i;
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,}$/i;

/**
 * Splits an image reference as container runtimes do: the first part is a registry when it holds a dot
 * or a colon or is `localhost`. All hosts of Docker Hub are one, and its one-part names get `library/`
 * (design: identity, resource). An ARN of an ECR repository is that registry's address.
 */
export function parseImageName(reference: string): ImageName | null {
  const arn = ECR_ARN.exec(reference);
  if (arn !== null) {
    const suffix = arn[1] === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    return {
      registry: `${arn[3]}.dkr.ecr.${arn[2]}.${suffix}`,
      repository: arn[4] as string,
      tag: null,
      digest: arn[5]?.toLowerCase() ?? null,
    };
  }
  let rest = reference
    .trim()
    .replace(/^(?:docker-pullable|docker|containerd|cri-o|oci|docker-archive):(?:\/\/)?/i, '');
  if (rest === '' || rest.length > 1_000 || /\s/.test(rest)) return null;
  let digest: string | null = null;
  const at = rest.indexOf('@');
  if (at >= 0) {
    const text = rest.slice(at + 1);
    if (DIGEST.test(text)) digest = text.toLowerCase();
    rest = rest.slice(0, at);
  }
  if (DIGEST.test(rest)) return null;
  let tag: string | null = null;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1) || null;
    rest = rest.slice(0, colon);
  }
  const slash = rest.indexOf('/');
  const first = slash < 0 ? '' : rest.slice(0, slash);
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = isRegistry ? first.toLowerCase() : null;
  const repository = (isRegistry ? rest.slice(slash + 1) : rest).toLowerCase();
  if (repository === '') return null;
  if (registry !== null && DOCKER_HUB_HOSTS.has(registry))
    return { registry: 'docker.io', repository: onDockerHub(repository), tag, digest };
  return { registry, repository, tag, digest };
}

/** A repository as Docker Hub spells it: `redis` is `library/redis`. */
export function onDockerHub(repository: string): string {
  return repository.includes('/') ? repository : `library/${repository}`;
}

/**
 * Name and tag as a runtime pulls them, which takes a name without registry from Docker Hub and without a tag the tag
 * `latest`; empty where a digest alone says what is pulled.
 */
export function runtimeReference(reference: string): string {
  const name = parseImageName(reference);
  if (name === null || (name.tag === null && name.digest !== null)) return '';
  const registry = name.registry ?? 'docker.io';
  const repository = name.registry === null ? onDockerHub(name.repository) : name.repository;
  return `${registry}/${repository}:${name.tag ?? 'latest'}`;
}
