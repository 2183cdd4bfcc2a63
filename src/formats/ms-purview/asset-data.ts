import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import { columnNamesClue } from '#domain/resource/column-names.ts';
import {
  type DataClass,
  type DataClue,
  type DataType,
  isSensitiveClass,
  typeOfRule,
} from '#domain/resource/data-class.ts';
import { classOfTypes, SCANNER_CONFIDENCE, typesOfWords } from '#domain/resource/sensitive-data.ts';
import { DEFAULT_LABELS, type LabelMeaning, meaningOfLabel } from '#domain/resource/sensitivity-label.ts';
import { storesOfAddress } from '#domain/resource/store-address.ts';
import { labelIdOf, meaningOfClassification } from './classification-name.ts';

/** An asset of the data map, from an answer of a search or from an entity of Atlas. */
export interface PurviewAsset {
  readonly id: string;
  readonly qualifiedName: string;
  /** What scans and people found in it; undefined where the answer does not tell. */
  readonly classifications: readonly string[] | undefined;
  /** Words that people put on it. */
  readonly labels: readonly string[];
  readonly isDeleted: boolean;
}

const ADDRESS_MAX = 4_000;
const NAMES_MAX = 300;
const TOLD_MAX = 6;

/** An asset as a search tells it, or an entity; null where it has no name of its own. */
export function assetOf(entry: JsonObject): PurviewAsset | null {
  const isEntity = asText(entry['typeName']) !== undefined;
  const qualifiedName = withoutSecrets(
    asText(isEntity ? at(entry, 'attributes', 'qualifiedName') : entry['qualifiedName']),
  );
  const id = asText(entry['id']) ?? asText(entry['guid']) ?? qualifiedName;
  if (qualifiedName === undefined || id === undefined) return null;
  return {
    id,
    qualifiedName,
    classifications: isEntity ? ofEntity(entry) : ofResult(entry),
    labels: asTexts(isEntity ? entry['labels'] : entry['label']).slice(0, NAMES_MAX),
    isDeleted: entry['status'] === 'DELETED',
  };
}

/** An address that a person gave may bear a password or a signature. */
function withoutSecrets(address: string | undefined): string | undefined {
  return address
    ?.slice(0, ADDRESS_MAX)
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
    .replace(/\?[^#]*/, '');
}

function ofResult(entry: JsonObject): readonly string[] | undefined {
  return Array.isArray(entry['classification'])
    ? asTexts(entry['classification']).slice(0, NAMES_MAX)
    : undefined;
}

/** Atlas leaves the member out where there is none. */
function ofEntity(entry: JsonObject): readonly string[] {
  const own = asObjects(entry['classifications']).flatMap((each) =>
    each['entityStatus'] === 'DELETED' ? [] : (asText(each['typeName']) ?? []),
  );
  return [...new Set([...own, ...asTexts(entry['classificationNames'])])].slice(0, NAMES_MAX);
}

/**
 * What an asset says of the stores in which it lies. Classifications are what a scan found in the data, labels what somebody
 * put on them; a column tells by its name where it has neither. A later word on the same asset takes this one's place.
 */
export function assetData(
  asset: PurviewAsset,
  labelNames: ReadonlyMap<string, string>,
): readonly DataObservation[] {
  const place = oneLine(asset.qualifiedName.replace(/^.*\/(?=[^/])/, ''), 100);
  return storesOfAddress(asset.qualifiedName).flatMap(({ store, isWhole }): readonly DataObservation[] => {
    const clue = asset.isDeleted ? null : clueOf(asset, place, isWhole, labelNames);
    // Without its classifications an answer takes nothing back.
    if (clue === null && asset.classifications === undefined && !asset.isDeleted) return [];
    return [
      {
        kind: 'data',
        resource: store,
        id: `purview:${asset.id.slice(0, 300)}`,
        isGone: clue === null,
        clue: clue ?? { dataClass: null, types: [], confidence: 0, reason: '' },
      },
    ];
  });
}

function clueOf(
  { classifications = [], labels, qualifiedName }: PurviewAsset,
  place: string,
  isWhole: boolean,
  labelNames: ReadonlyMap<string, string>,
): DataClue | null {
  const found = classifications.filter((name) => labelIdOf(name) === undefined);
  const put = [
    ...classifications.flatMap((name) => {
      const id = labelIdOf(name);
      return id === undefined ? [] : [labelNames.get(id) ?? DEFAULT_LABELS[id] ?? name];
    }),
    ...labels,
  ];
  if (found.length === 0 && put.length === 0) return columnClue(qualifiedName);
  const seen = seenIn(found);
  const meanings = put.map((name) => meaningOfLabel(name));
  // That one file is public says nothing of the others that lie beside it.
  const telling = isWhole ? meanings : meanings.filter(({ dataClass }) => isSensitiveClass(dataClass));
  const types = [...new Set([...seen.types, ...meanings.flatMap((each) => each.types)])];
  const dataClass = seen.dataClass ?? highest(telling);
  return {
    dataClass,
    types,
    confidence: seen.dataClass === null ? SCANNER_CONFIDENCE.label : SCANNER_CONFIDENCE.content,
    reason: reasonOf(found, put, place),
  };
}

/** Names of an organisation's own are read by the words in them; one that tells nothing says nothing of a class. */
function seenIn(names: readonly string[]): {
  readonly dataClass: DataClass | null;
  readonly types: readonly DataType[];
} {
  const known = names.map(meaningOfClassification);
  const own = names.filter((_, index) => known[index] === undefined).flatMap(typesOfOwnName);
  const sensitive = [
    ...new Set([
      ...known.flatMap((each) => (each?.isSensitive === true && each.type !== null ? [each.type] : [])),
      ...own,
    ]),
  ];
  const all = [...new Set([...sensitive, ...known.flatMap((each) => each?.type ?? [])])];
  return { dataClass: sensitive.length === 0 ? null : classOfTypes(sensitive, null), types: all };
}

/** A name or an address may be that of a product or a machine as well; of whom it is stands before it. */
const OF_PEOPLE =
  /(?:PERSON|FIRST|LAST|FULL|MAIDEN|CUSTOMER|EMPLOYEE|PATIENT|MEMBER|STREET|HOME|POSTAL|EMAIL)[^\p{L}\p{N}]*$/iu;

function typesOfOwnName(name: string): readonly DataType[] {
  const [, before, thing] = /^(.*?)(NAME|ADDRESS)$/i.exec(name.slice(0, 200)) ?? [];
  const spelled = thing === undefined || OF_PEOPLE.test(before ?? '') ? name.slice(0, 200) : (before ?? '');
  const rules = spelled.split(/[^\p{L}\p{N}]+/u).flatMap((word) => typeOfRule(word) ?? []);
  return [...typesOfWords([spelled]), ...rules];
}

const RISING: readonly DataClass[] = ['public', 'internal', 'confidential', 'restricted'];

function highest(meanings: readonly LabelMeaning[]): DataClass | null {
  return RISING.findLast((each) => meanings.some(({ dataClass }) => dataClass === each)) ?? null;
}

function reasonOf(found: readonly string[], labels: readonly string[], place: string): string {
  const parts = [
    ...(found.length === 0 ? [] : [`found ${listed(found)} in ${place}`]),
    ...(labels.length === 0 ? [] : [`has ${place} labelled ${listed(labels.map((label) => `"${label}"`))}`]),
  ];
  return `Purview ${parts.join(' and ')}`;
}

function listed(names: readonly string[]): string {
  const told = names.slice(0, TOLD_MAX).map((name) => oneLine(name, 80));
  return `${told.join(', ')}${names.length > told.length ? ` and ${names.length - told.length} more` : ''}`;
}

/** Columns are named behind a `#`, files in a store may have one in their names. */
function columnClue(qualifiedName: string): DataClue | null {
  const [, table, column] = /^[a-z]+:\/\/[^/]+\/(.*)#([^#/]+)$/i.exec(qualifiedName) ?? [];
  if (table === undefined || column === undefined) return null;
  return columnNamesClue([column], oneLine(table, 100));
}
