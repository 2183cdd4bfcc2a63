import { asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';

/** Data profiles of Google Cloud's Sensitive Data Protection (DLP): what tables, buckets and data sets hold. */
export const gcpDlp: ReportFormat = {
  id: 'gcp-dlp',
  title: 'Google Cloud Sensitive Data Protection (data profiles)',
  command:
    'curl -H "Authorization: Bearer $(gcloud auth print-access-token)" https://dlp.googleapis.com/v2/projects/PROJECT/locations/LOCATION/fileStoreDataProfiles > dlp-profiles.json',
  claims,
  read,
};

const PAGES = ['fileStoreDataProfiles', 'tableDataProfiles', 'projectDataProfiles'];

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  return entry !== undefined && isProfile(entry);
}

function isProfile(entry: JsonObject): boolean {
  return /\/(?:fileStore|table|project)DataProfiles\//.test(asText(entry['name']) ?? '');
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'gcp-dlp', time: null, scope: { is: 'inventory' }, coverage: 'none' } };
  for await (const entry of jsonEntries(input, PAGES, 'a data profile')) {
    if (entry.kind === 'reject') yield entry;
    else if (isProfile(entry.value))
      yield { kind: 'record', at: entry.at, observations: profileData(entry.value) };
    else
      yield {
        kind: 'reject',
        at: entry.at,
        code: 'missing_field',
        message: 'A data profile was expected with its "name", found none.',
      };
  }
}

/** A profile of a project is about no single store. */
function profileData(profile: JsonObject): readonly DataObservation[] {
  const full = asText(profile['fullResource']);
  if (full === undefined || !full.startsWith('//')) return [];
  // A table is described as a part of its data set.
  const id = full.replace(/\/tables\/[^/]*$/, '');
  const words = infoTypes(profile);
  const score = asText(at(profile, 'sensitivityScore', 'score'))
    ?.replace(/^SENSITIVITY_/, '')
    .toLowerCase();
  const isSensitive = score === 'moderate' || score === 'high';
  return [
    {
      kind: 'data',
      resource: { kind: 'cloud', provider: 'gcp', id, name: id.replace(/^.*\//, '') },
      id: `dlp:${full}`,
      isGone: !isSensitive,
      clue: sensitiveDataClue(
        words,
        score === 'high' ? 'high' : 'medium',
        'label',
        `a data profile found ${words.slice(0, 6).join(', ') || 'sensitive data'} in ${full.replace(/^.*\//, '')}, sensitivity ${score ?? 'unknown'}`,
      ),
    },
  ];
}

function infoTypes(profile: JsonObject): readonly string[] {
  const summaries = [
    ...asObjects(profile['fileStoreInfoTypeSummaries']),
    ...asObjects(profile['predictedInfoTypes']),
    ...asObjects(profile['otherInfoTypes']),
  ];
  return [...new Set(summaries.flatMap((each) => asText(at(each, 'infoType', 'name')) ?? []))].slice(0, 200);
}
