import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { isMachineAccount } from '#domain/resource/machine-account.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readYamlDocuments } from '../reading/yaml-documents.ts';

/** Entities of the Backstage catalogue: whose a service is, and what belongs to it. */
export const backstage: ReportFormat = {
  id: 'backstage',
  title: 'Backstage catalogue (catalog-info.yaml)',
  command: 'git show HEAD:catalog-info.yaml > catalog-info.yaml',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const json = asText(asObject(head.json)?.['apiVersion']);
  if (json !== undefined) return json.startsWith('backstage.io/');
  return head.shape === 'text' && /^apiVersion:[ \t]*["']?backstage\.io\//m.test(head.text);
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'backstage', time: null, scope: { is: 'catalogue' }, coverage: 'listed' },
  };
  let number = 0;
  for (const document of await readYamlDocuments(input)) {
    const at = `document ${++number}`;
    if ('fault' in document)
      yield {
        kind: 'reject',
        at,
        code: 'wrong_type',
        message: `An entity was expected, found a document that is ${document.fault}.`,
      };
    else yield readEntity(document.value, at);
  }
}

/** Kinds that something runs as or is stored in; systems, groups, people and templates are none. */
const SERVICES = new Set(['component', 'resource', 'api']);

function readEntity(entity: JsonObject, place: string): ReportItem {
  const kind = asText(entity['kind'])?.toLowerCase();
  const name = asText(at(entity, 'metadata', 'name'));
  if (kind === undefined || name === undefined)
    return {
      kind: 'reject',
      at: place,
      code: 'missing_field',
      message: 'An entity was expected with "kind" and "metadata.name", found none.',
    };
  return { kind: 'record', at: place, observations: SERVICES.has(kind) ? [entryOf(entity, kind, name)] : [] };
}

function entryOf(entity: JsonObject, kind: string, name: string): CatalogueObservation {
  const spec = asObject(entity['spec']) ?? {};
  const annotations = Object.entries(asObject(at(entity, 'metadata', 'annotations')) ?? {}).flatMap(
    ([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []),
  );
  const annotated = (key: string) => annotations.filter(([each]) => each === key).map(([, value]) => value);
  const namespace = asText(at(entity, 'metadata', 'namespace')) ?? 'default';
  return catalogueEntry({
    entity: `${kind}:${namespace}/${name}`,
    service: name,
    isService: kind === 'component',
    owner: ownerIn(asText(spec['owner'])),
    lifecycle: asText(spec['lifecycle']) ?? null,
    tier: asText(at(entity, 'metadata', 'labels', 'tier')) ?? null,
    system: referenced(asText(spec['system'])),
    repositories: [
      ...annotated('github.com/project-slug').map((slug) => `github.com/${slug}`),
      ...annotated('gitlab.com/project-slug').map((slug) => `gitlab.com/${slug}`),
      ...annotated('bitbucket.org/project-slug').map((slug) => `bitbucket.org/${slug}`),
      ...annotated('backstage.io/source-location').filter((value) => value.startsWith('url:')),
    ],
    resources: annotations.flatMap(([, value]) => (value.startsWith('arn:') ? value.split(',') : [])),
    kubernetesIds: annotated('backstage.io/kubernetes-id'),
    onCall: annotated('pagerduty.com/service-id').flatMap((id) => onCallIds('pagerduty', id)),
    links: asObjects(at(entity, 'metadata', 'links')).flatMap((link) => asText(link['url']) ?? []),
  });
}

/** `group:default/checkout` is the entity `checkout`. */
function referenced(reference: string | undefined): string | null {
  const name = reference?.slice(0, 200).split(':').at(-1)?.split('/').at(-1)?.trim() ?? '';
  return name === '' ? null : name;
}

/** A group is one however it is called; a user may be a machine's. */
function ownerIn(reference: string | undefined): string | null {
  const name = referenced(reference);
  const isUser = /^\s*user:/i.test(reference ?? '');
  return name !== null && isUser && isMachineAccount(name, 'account') ? null : name;
}
