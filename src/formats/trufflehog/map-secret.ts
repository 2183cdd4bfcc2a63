import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { secretFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import type { EntryReading } from '../reading/read-entries.ts';

/** A result, or what it lacks. `pathOf` spells a path of a file system. */
export function mapSecret(result: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(result.DetectorName);
  if (check === undefined) return 'a text in DetectorName was expected';
  const where = whereOf(asObject(asObject(result.SourceMetadata)?.Data) ?? {});
  if (where === null) return 'a source in SourceMetadata.Data was expected';
  const { place, resource } = where;
  return [
    secretFinding({
      tool: 'trufflehog',
      check,
      path: pathOf(asText(place.file) ?? asText(place.path)),
      line: lineNumber(place.line),
      value: rawValue(result),
      // What it could not verify may have no test, or the test failed: that is no word that the secret is dead.
      secretState: result.Verified === true ? 'active' : 'unknown',
      opens: [asText(asObject(result.ExtraData)?.arn) ?? []].flat(),
      severity: null,
      title: `${check} secret`,
      description: asText(result.DetectorDescription),
      resource,
      url: asText(place.link),
    }),
    ...heldBy(where.store, check, result.Verified === true),
  ];
}

/** A store in which a secret lies holds credentials (attack-paths §7.2); one that was tried is surer. */
function heldBy(
  store: ResourceDescription | null,
  check: string,
  isTried: boolean,
): readonly DataObservation[] {
  if (store === null) return [];
  const reason = `TruffleHog found a secret of ${check.slice(0, 60)} in it`;
  const clue = sensitiveDataClue(['CREDENTIALS'], null, isTried ? 'content' : 'label', reason);
  return [{ kind: 'data', resource: store, id: `trufflehog:${check.slice(0, 60)}`, isGone: false, clue }];
}

interface Where {
  readonly place: JsonObject;
  readonly resource: ResourceDescription;
  /** Of data, in which it lies; null where it lies in none. */
  readonly store: ResourceDescription | null;
}

/** `Data` holds one member, named after the kind of source. */
function whereOf(data: JsonObject): Where | null {
  const [kind] = Object.keys(data);
  const place = kind === undefined ? undefined : asObject(data[kind]);
  if (kind === undefined || place === undefined) return null;
  const resource = resourceOf(kind, place);
  return { place, resource, store: storeOf(kind, place, resource) };
}

/** Findings in buckets of Google Cloud are named after no bucket, and keep their names. */
function storeOf(kind: string, place: JsonObject, resource: ResourceDescription): ResourceDescription | null {
  const bucket = asText(place.bucket);
  if (kind === 'GCS' && bucket !== undefined)
    return { kind: 'cloud', provider: 'gcp', id: `//storage.googleapis.com/${bucket}`, name: bucket };
  return resource.kind === 'cloud' ? resource : null;
}

function resourceOf(kind: string, place: JsonObject): ResourceDescription {
  const bucket = asText(place.bucket);
  const image = asText(place.image);
  if (kind === 'S3' && bucket !== undefined)
    return { kind: 'cloud', provider: 'aws', id: `arn:aws:s3:::${bucket}`, type: 's3-bucket' };
  if (kind === 'Docker' && image !== undefined) {
    const tag = asText(place.tag);
    return { kind: 'image', reference: tag === undefined || image.includes('@') ? image : `${image}:${tag}` };
  }
  const repository = asText(place.repository);
  // A checkout on somebody's disk names no repository.
  const isNamed = repository !== undefined && !/^(?:file:|[./\\~]|[A-Za-z]:\\)/.test(repository);
  return { kind: 'repository', name: isNamed ? repository : null };
}

/**
 * The value. Before TruffleHog told its decoder (`DecoderName`), it wrote values in base64; one that does not come out as
 * text is no base64.
 */
function rawValue(result: JsonObject): string | undefined {
  const raw = asText(result.Raw);
  if (raw === undefined || result.DecoderName !== undefined || !/^[A-Za-z0-9+/]{4,}={0,2}$/.test(raw))
    return raw;
  const decoded = Buffer.from(raw, 'base64').toString('utf8');
  return /^[\t\n\r\x20-\x7e]+$/.test(decoded) ? decoded : raw;
}
