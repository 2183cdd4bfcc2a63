import { parseInstant } from '#base/instant.ts';
import {
  asArray,
  asObject,
  asObjects,
  asText,
  asTexts,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { VectorClaim } from '#domain/finding/observation.ts';
import type { AffectedPackage, RangeEvent } from '#domain/package/affected-package.ts';
import { distributionName } from '#domain/package/distribution-name.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { isSystemPackage, packageKey, splitPackageName } from '#domain/package/package-name.ts';
import type { AffectedFact, FeedItem } from '#domain/ports/intelligence-feed.ts';
import { severityOfWord } from '#domain/severity/severity.ts';

const ID = /^[A-Za-z][A-Za-z0-9_.:-]{2,99}$/;
const PACKAGES_MAX = 5_000;
const RANGES_MAX = 500;
const VERSIONS_MAX = 20_000;
const ALIASES_MAX = 50;
const REFERENCES_MAX = 5;
const DESCRIPTION_MAX = 4_000;
const VERSION_MAX = 200;

/**
 * A record in the form of OSV (1.x), as OSV and GitHub publish it: one fact for each package and release that it is about, with
 * the ranges of all its entries together; a withdrawn one, and one without packages, says that nothing is affected any more.
 */
export function mapOsvRecord(value: JsonValue, at: string): readonly FeedItem[] {
  const record = asObject(value);
  const id = asText(record?.id);
  if (record === undefined || id === undefined || !ID.test(id))
    return [
      {
        kind: 'reject',
        at: at || 'record',
        code: 'missing_field',
        message: 'Expected `id` to be the id of an advisory.',
      },
    ];
  const modifiedAt = parseInstant(record.modified);
  const facts = asText(record.withdrawn) === undefined ? affectedFacts(id, record) : [];
  if (facts.length === 0) return [{ kind: 'unaffected', advisory: id, modifiedAt }];
  return facts.map((affected) => ({ kind: 'affected', advisory: id, modifiedAt, affected }));
}

function affectedFacts(id: string, record: JsonObject): readonly AffectedFact['affected'][] {
  const entries = new Map<
    string,
    { first: AffectedPackage; ranges: (readonly RangeEvent[])[]; versions: string[] }
  >();
  const common = {
    record: id,
    aliases: aliasesOf(id, record),
    title: titleOf(record),
    description: asText(record.details)?.slice(0, DESCRIPTION_MAX) ?? null,
    severity: severityOfWord(asText(asObject(record.database_specific)?.severity)),
    references: asObjects(record.references)
      .flatMap((reference) => asText(reference.url) ?? [])
      .filter((url) => /^https?:\/\//i.test(url) && url.length <= 2_000)
      .slice(0, REFERENCES_MAX),
    publishedAt: parseInstant(record.published),
  };
  for (const affected of asObjects(record.affected).slice(0, PACKAGES_MAX)) {
    const ecosystem = asText(asObject(affected.package)?.ecosystem);
    const name = asText(asObject(affected.package)?.name);
    if (ecosystem === undefined || name === undefined || name.length > 500) continue;
    const type = packageTypeOfEcosystem(ecosystem);
    const named = splitPackageName(type, name);
    const release = isSystemPackage(type) ? releaseOf(ecosystem) : '';
    const key = `${packageKey(named)}\n${release}`;
    const known = entries.get(key);
    const entry = known ?? {
      first: {
        ...common,
        package: named,
        release,
        vectors: vectorsOf(id, record, affected, release),
        ranges: [],
        versions: [],
      },
      ranges: [],
      versions: [],
    };
    if (known === undefined) entries.set(key, entry);
    entry.ranges.push(...rangesOf(affected));
    entry.versions.push(...asTexts(affected.versions).filter((version) => version.length <= VERSION_MAX));
  }
  return [...entries.values()].map(({ first, ranges, versions }) => ({
    ...first,
    ranges: ranges.slice(0, RANGES_MAX),
    versions: [...new Set(versions)].slice(0, VERSIONS_MAX),
  }));
}

/** Other names of the record. A bulletin of a distribution tells the CVEs that it is about beside its aliases. */
function aliasesOf(id: string, record: JsonObject): readonly string[] {
  const aliases = asTexts(record.aliases);
  const isCve = (text: string) => /^CVE-\d{4}-\d{4,19}$/i.test(text);
  if (isCve(id) || aliases.some(isCve)) return aliases.slice(0, ALIASES_MAX);
  const upstream = asTexts(record.upstream).filter(isCve);
  const related =
    upstream.length > 0 ? upstream : BULLETIN.test(id) ? asTexts(record.related).filter(isCve) : [];
  return [...aliases, ...related].slice(0, ALIASES_MAX);
}

/** Ids of bulletins, which are about several CVEs and list them as related. */
const BULLETIN = /^(?:AL[SB]A|RH[SBE]A|RLSA|RXSA|ELSA|USN|DSA|DLA|DTSA|SUSE|openSUSE|ALAS|OESA|MGASA)-/i;

function titleOf(record: JsonObject): string | null {
  const summary = asText(record.summary);
  return summary === undefined || summary.trim() === '' ? null : oneLine(summary, 300);
}

/** `AlmaLinux:9` is `alma 9`, `Ubuntu:Pro:16.04:LTS` is `ubuntu 16.04`, `Alpine:v3.18` is `alpine 3.18`. */
function releaseOf(ecosystem: string): string {
  const [system = '', ...rest] = ecosystem.slice(0, 100).split(':');
  const name = distributionName(system);
  const release = rest.map((part) => /^v?(\d[\w.]*)$/.exec(part)?.[1]).find((part) => part !== undefined);
  return release === undefined ? name : `${name} ${release}`;
}

function vectorsOf(
  id: string,
  record: JsonObject,
  affected: JsonObject,
  release: string,
): readonly VectorClaim[] {
  const word = severityOfWord(asText(asObject(record.database_specific)?.severity));
  const provider = /^GHSA-/i.test(id)
    ? 'ghsa'
    : release === ''
      ? 'scanner:osv'
      : `distribution:${release.split(' ', 1)[0]}`;
  const scored = [...asObjects(affected.severity), ...asObjects(record.severity)];
  const cvss = asText(asObject(affected.database_specific)?.cvss);
  const vectors = [...scored, { score: cvss }].flatMap((each) => {
    const vector = asText(each.score);
    return vector?.includes('/') === true && vector.length <= 300 ? [{ provider, vector, word }] : [];
  });
  const own = severityOfWord(
    scored.map((each) => asText(each.score)).find((score) => severityOfWord(score) !== null),
  );
  const words = word ?? own;
  return vectors.length === 0 && words !== null
    ? [{ provider, vector: null, word: words }]
    : vectors.slice(0, 10);
}

function rangesOf(affected: JsonObject): readonly (readonly RangeEvent[])[] {
  return asObjects(affected.ranges)
    .filter((range) => range.type === 'SEMVER' || range.type === 'ECOSYSTEM')
    .map((range) =>
      asArray(range.events)
        .slice(0, RANGES_MAX)
        .flatMap((event): readonly RangeEvent[] => {
          const object = asObject(event);
          for (const is of ['introduced', 'fixed', 'last_affected', 'limit'] as const) {
            const version = asText(object?.[is]);
            if (version !== undefined && version.length <= VERSION_MAX) return [{ is, version }];
          }
          return [];
        }),
    )
    .filter((events) => events.length > 0);
}
