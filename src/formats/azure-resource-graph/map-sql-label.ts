import { asText, at, type JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import { columnNamesClue } from '#domain/resource/column-names.ts';
import {
  type DataClass,
  type DataClue,
  type DataType,
  isSensitiveClass,
  NAME_CONFIDENCE,
} from '#domain/resource/data-class.ts';
import { classOfTypes, SCANNER_CONFIDENCE, typesOfWords } from '#domain/resource/sensitive-data.ts';
import { meaningOfLabel } from '#domain/resource/sensitivity-label.ts';

/** A column of a database of Azure SQL, a managed instance or a pool of Synapse, whose label or recommendation this is. */
const COLUMN =
  /^((\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.(?:Sql\/(?:servers|managedInstances)|Synapse\/workspaces)\/[^/]+)\/(?:databases|sqlPools)\/[^/]+)\/schemas\/([^/]+)\/tables\/([^/]+)\/columns\/([^/]+)(?:\/sensitivityLabels\/([a-z]+))?$/i;

/**
 * What the sensitivity label of a column says of its database and of the server, as `az sql db classification list` and the
 * `sensitivityLabels` of Azure Resource Manager tell it. What Azure only recommends is no label: it follows from names of
 * columns, and says as little. Null for any other object.
 */
export function mapSqlLabel(raw: JsonObject): readonly DataObservation[] | null {
  const [isColumn, database, server, schema, table, column, source] =
    COLUMN.exec(asText(raw['id']) ?? '') ?? [];
  if (isColumn === undefined || database === undefined || server === undefined) return null;
  const told = (member: string) => asText(at(raw, 'properties', member)) ?? asText(raw[member]);
  const kind = (source ?? asText(raw['name']) ?? '').toLowerCase();
  const isLabel = kind !== 'recommended';
  const names = [told('schemaName') ?? schema, told('tableName') ?? table, told('columnName') ?? column];
  const place = oneLine(names.join('.'), 150);
  const clue = isLabel ? labelClue(told, place) : recommendedClue(raw, told, names[2] ?? '', place);
  return [server, database].map((id) => ({
    kind: 'data',
    resource: {
      kind: 'cloud',
      provider: 'azure',
      id,
      name: id.slice(id.lastIndexOf('/') + 1),
      account: id.split('/')[2]?.toLowerCase(),
    },
    id: `${isLabel ? 'sql-label' : 'sql-recommendation'}:${[database.slice(server.length + 1), ...names].join('/').toLowerCase().slice(0, 500)}`,
    isGone: clue === null,
    clue: clue ?? { dataClass: null, types: [], confidence: 0, reason: '' },
  }));
}

type Told = (member: string) => string | undefined;

function labelClue(told: Told, place: string): DataClue | null {
  const [label, information] = [told('labelName'), told('informationType')];
  if (label === undefined && information === undefined) return null;
  const meaning = meaningOfLabel(label ?? '', told('rank'));
  const types = [...new Set([...typesOfWords([information ?? '']), ...meaning.types])];
  return {
    dataClass: classOfLabel(meaning.dataClass, label === undefined ? types : []),
    types,
    confidence: SCANNER_CONFIDENCE.label,
    reason: `Azure SQL has ${place} labelled ${[label, information].flatMap((each) => (each === undefined ? [] : [`"${oneLine(each, 80)}"`])).join(', ')}`,
  };
}

/** That one column is public says nothing of the others. */
function classOfLabel(labelled: DataClass | null, types: readonly DataType[]): DataClass | null {
  if (isSensitiveClass(labelled)) return labelled;
  return types.length === 0 ? null : classOfTypes(types, null);
}

function recommendedClue(raw: JsonObject, told: Told, column: string, place: string): DataClue | null {
  // Somebody turned it down.
  if ((at(raw, 'properties', 'isDisabled') ?? raw['isDisabled']) === true) return null;
  const information = told('informationType');
  const types = typesOfWords([information ?? '']);
  if (types.length === 0) return columnNamesClue([column], place);
  return {
    dataClass: classOfTypes(types, null),
    types,
    confidence: NAME_CONFIDENCE,
    reason: `Azure SQL takes ${place} for "${oneLine(information ?? '', 80)}" by its name`,
  };
}
