import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Entities of Cortex: the descriptor `cortex.yaml`, and what its command line and its interface list. */
export const cortex: ReportFormat = {
  id: 'cortex',
  title: 'Cortex (cortex.yaml, cortex catalog list)',
  command: 'cortex catalog list --include-owners > cortex.json',
  claims,
  read,
};

const PAGES = ['entities'];
const CONFIDENCE = 0.85;
const HOSTS: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
};

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  if (entry !== undefined) return isListed(entry) || tagOf(entry) !== undefined;
  return head.shape === 'text' && /^[ \t]*x-cortex-tag:/m.test(head.text);
}

function isListed(entry: JsonObject): boolean {
  return (
    asText(entry['tag']) !== undefined &&
    asText(entry['name']) !== undefined &&
    asText(entry['type']) !== undefined &&
    ['hierarchy', 'slackChannels', 'isArchived'].every((member) => member in entry)
  );
}

function tagOf(value: JsonObject): string | undefined {
  return asText(at(value, 'info', 'x-cortex-tag')) ?? asText(value['x-cortex-tag']);
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'cortex',
    pages: PAGES,
    isWritten: true,
    noun: 'an entity of Cortex',
    known: '"x-cortex-tag"',
    entriesOf: (value) => {
      if (isListed(value)) return fromList(value);
      const tag = tagOf(value);
      return tag === undefined ? null : fromDescriptor(value, tag);
    },
  });
}

/** Teams and domains own nothing of ours by themselves. */
function isAboutNothing(type: string): boolean {
  return type === 'team' || type === 'domain';
}

/** Extensions stand in `info`; some write a few of them above it. */
function fromDescriptor(value: JsonObject, tag: string): readonly CatalogueObservation[] {
  const info = { ...value, ...asObject(value['info']) };
  const type = asText(info['x-cortex-type'])?.toLowerCase() ?? 'service';
  if (isAboutNothing(type)) return [];
  const [owner = null, ...moreOwners] = peopleIn(asObjects(info['x-cortex-owners']), 'name', 'email');
  const oncall = asObject(info['x-cortex-oncall']);
  return [
    catalogueEntry({
      entity: `${type}:${tag}`,
      service: tag,
      isService: type === 'service',
      owner,
      tier: asText(at(info, 'x-cortex-custom-metadata', 'tier')) ?? null,
      system: asText(asObjects(info['x-cortex-domain-parents'])[0]?.['tag']) ?? null,
      repositories: Object.entries(HOSTS).flatMap(([provider, host]) => {
        const repository = asText(at(info, 'x-cortex-git', provider, 'repository'));
        return repository === undefined ? [] : [`${host}/${repository}`];
      }),
      links: asObjects(info['x-cortex-link']).flatMap((link) => asText(link['url']) ?? []),
      confidence: CONFIDENCE,
      moreOwners,
      alsoNamed: [asText(info['title']) ?? ''],
      onCall: (['pagerduty', 'opsgenie'] as const).flatMap((tool) => {
        const known = asObject(oncall?.[tool]);
        return asText(known?.['type'])?.toUpperCase() === 'SERVICE'
          ? onCallIds(tool, asText(known?.['id']))
          : [];
      }),
    }),
  ];
}

function fromList(entry: JsonObject): readonly CatalogueObservation[] {
  const type = asText(entry['type'])?.toLowerCase() ?? '';
  if (isAboutNothing(type) || entry['isArchived'] === true) return [];
  const [owner = null, ...moreOwners] = [
    ...peopleIn(asObjects(at(entry, 'owners', 'teams')), 'tag', 'name'),
    ...peopleIn(asObjects(at(entry, 'ownership', 'groups')), 'groupName', 'name'),
    ...peopleIn(asObjects(at(entry, 'owners', 'individuals')), 'email', 'name'),
    ...peopleIn(asObjects(at(entry, 'ownership', 'emails')), 'email', 'name'),
  ];
  const repository = asText(at(entry, 'git', 'repository'));
  const host = HOSTS[asText(at(entry, 'git', 'provider'))?.toLowerCase() ?? ''];
  const tag = asText(entry['tag']) ?? '';
  return [
    catalogueEntry({
      entity: `${type}:${tag}`,
      service: tag,
      isService: type === 'service',
      owner,
      repositories: repository === undefined || host === undefined ? [] : [`${host}/${repository}`],
      links: asObjects(entry['links']).flatMap((link) => asText(link['url']) ?? []),
      confidence: CONFIDENCE,
      moreOwners,
      alsoNamed: [asText(entry['name']) ?? ''],
    }),
  ];
}

/** Groups come before single people; channels of chats are nobody. */
function peopleIn(owners: readonly JsonObject[], first: string, second: string): readonly string[] {
  const named = owners.filter((owner) => asText(owner['type'])?.toLowerCase() !== 'slack');
  return named
    .toSorted((a, b) => Number(isPerson(a)) - Number(isPerson(b)))
    .flatMap((owner) => asText(owner[first]) ?? asText(owner[second]) ?? []);
}

function isPerson(owner: JsonObject): boolean {
  return asText(owner['type'])?.toLowerCase() === 'email';
}
