import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';

/** Attack paths that Microsoft Defender for Cloud found, as the Resource Graph answers them. */
export const azureAttackPaths: ReportFormat = {
  id: 'azure-attack-paths',
  title: 'Microsoft Defender for Cloud (attack paths)',
  command:
    'az graph query --first 1000 -q "securityresources | where type == \'microsoft.security/attackpaths\'" > attack-paths.json',
  claims,
  read,
};

const TYPE = 'microsoft.security/attackpaths';
const PAGES = ['data', 'value'];

function claims(head: ReportHead): boolean {
  return asText(firstEntry(head, PAGES)?.type)?.toLowerCase() === TYPE;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'azure-attack-paths', time: null, scope: { is: 'posture' }, coverage: 'listed' },
  };
  yield* readLooseEntries(input, PAGES, 'an attack path', mapPath);
}

/** A path is about where it begins, and its place is the kind of thing that it leads to, as those of our own. */
function mapPath(row: JsonObject): EntryReading {
  const properties = asObject(row.properties);
  if (properties === undefined) return 'an object in properties was expected';
  const title = asText(properties.displayName);
  const check = asText(properties.attackPathType) ?? title;
  if (title === undefined || check === undefined) return 'a text in properties.displayName was expected';
  const entities = asArray(at(properties, 'graphComponent', 'entities')).flatMap((entity): JsonObject[] => {
    const object = asObject(entity);
    return object === undefined ? [] : [object];
  });
  const named = (id: unknown) =>
    entities.find((entity) => entity.entityInternalID === id && id !== undefined);
  const entry = named(properties.entryPointEntityInternalID) ?? entities[0];
  const target = named(properties.targetEntityInternalID) ?? entities.at(-1);
  const id = asText(at(entry, 'entityIdentifiers', 'azureResourceId'));
  if (id === undefined) return 'an azureResourceId where the path begins was expected';
  const account = asText(row.subscriptionId) ?? /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
  const through = entities.flatMap((entity) => asText(entity.entityName) ?? []).slice(0, ENTITIES_MAX);
  return [
    {
      kind: 'finding',
      type: 'attack_path',
      subject: { is: 'check', tool: 'azure-attack-paths', check },
      resource: describeCloudObject(
        id,
        asText(entry?.entityType),
        asText(entry?.entityName),
        'azure',
        account,
        undefined,
      ),
      place: { is: 'api', method: '', path: asText(target?.entityType) ?? '', parameter: '' },
      state: OPEN,
      title,
      severity: severityOfWord(asText(properties.riskLevel)),
      description: [
        asText(properties.description) ?? asText(properties.attackStory),
        through.length === 0 ? undefined : `It goes through ${through.join(', ')}.`,
        asText(properties.potentialImpact),
      ]
        .filter((text) => text !== undefined)
        .join(' '),
      fix: asText(properties.manualRemediationSteps),
      cover: `attack-paths@${account ?? ''}`,
    },
  ];
}

const ENTITIES_MAX = 20;
