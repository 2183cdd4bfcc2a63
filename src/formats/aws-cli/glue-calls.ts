import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import { columnNamesClue } from '#domain/resource/column-names.ts';
import type { Asked } from './asked.ts';
import type { ListCall } from './list-call.ts';

/** What the catalogue of Glue tells: by the names of a table's columns, what the bucket holds in which it lies. */
export const GLUE_CALLS: readonly ListCall[] = [
  {
    key: 'TableList',
    type: null,
    proof: ['DatabaseName', 'StorageDescriptor'],
    unit: 'record',
    isAsked: true,
    describe: bucketOfTable,
  },
];

const COLUMNS_MAX = 10_000;

/** A table that lies elsewhere (a view, a database behind a connection) says nothing of a bucket. */
function bucketOfTable(table: JsonObject, { place }: Asked): readonly Observation[] {
  const storage = asObject(table['StorageDescriptor']) ?? {};
  const bucket = /^s3[an]?:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/|$)/.exec(
    asText(storage['Location']) ?? '',
  )?.[1];
  const [database, name] = [asText(table['DatabaseName']), asText(table['Name'])];
  if (bucket === undefined || database === undefined || name === undefined) return [];
  const columns = [...asObjects(storage['Columns']), ...asObjects(table['PartitionKeys'])].slice(
    0,
    COLUMNS_MAX,
  );
  const full = `${database}.${name}`.slice(0, 200);
  const clue = columnNamesClue(
    columns.map((column) => asText(column['Name']) ?? ''),
    full,
  );
  return [
    {
      kind: 'data',
      // Whose the bucket is, the catalogue does not say.
      resource: {
        kind: 'cloud',
        provider: 'aws',
        id: `arn:${partitionOfRegion(place.region)}:s3:::${bucket}`,
        type: 's3-bucket',
        name: bucket,
      },
      id: `glue:${full}`,
      // Without a column that tells it takes back what it said before.
      isGone: clue === null,
      clue: clue ?? { dataClass: null, types: [], confidence: 0, reason: '' },
    },
  ];
}
