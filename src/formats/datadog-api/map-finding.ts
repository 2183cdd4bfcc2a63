import { parseInstant } from '#base/instant.ts';
import { asBoolean, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { DATASTORE_TYPES } from '#domain/attackpath/asset-family.ts';
import {
  type DataObservation,
  type Observation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { isSystemPackage, splitPackageName } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { secondHand } from '../reading/aws/second-hand.ts';
import { distributionOf } from '../reading/distribution.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { tagsOf, tellingTags } from './tags.ts';

/** A finding in the new shape: a flaw of a package on a host, or a rule on a resource. Other types say nothing yet. */
export function mapFinding(entry: JsonObject): EntryReading {
  const custom = asObject(at(entry, 'attributes', 'attributes', 'custom')) ?? {};
  const tags = tagsOf(at(entry, 'attributes', 'tags'));
  const resource = resourceOf(custom);
  if (resource === null) return 'a resource_name was expected';
  const advisory = asObject(custom.advisory);
  const about = [...toldOf(resource, tags), ...dataOf(custom, resource)];
  if (advisory !== undefined) {
    const found = inPackage(custom, advisory, resource);
    return typeof found === 'string' ? found : [...found, ...about];
  }
  const type = asText(custom.finding_type);
  if (type !== 'misconfiguration' && type !== 'identity_risk') return about;
  const evaluation = asText(at(custom, 'compliance', 'evaluation'));
  // A rule that was skipped looked at nothing.
  if (evaluation !== undefined && evaluation !== 'fail' && evaluation !== 'pass') return about;
  const title = asText(custom.title);
  const check = asText(at(custom, 'rule', 'id')) ?? asText(at(custom, 'rule', 'name')) ?? title;
  if (check === undefined) return 'a rule with an id was expected';
  return [
    postureFinding({
      tool: 'datadog',
      check,
      resource,
      resourceKind: asText(custom.resource_type),
      isIdentity: type === 'identity_risk',
      title,
      severity: severityOfWord(
        asText(at(custom, 'severity_details', 'base', 'value')) ?? asText(custom.severity),
      ),
      description: asText(custom.description),
      // What passed may still be called open: the two words are told apart (reference-behaviour §9.1).
      state: evaluation === 'pass' ? PASSED : stateOf(custom),
    }),
    ...about,
  ];
}

function inPackage(custom: JsonObject, advisory: JsonObject, resource: ResourceDescription): EntryReading {
  const id = asText(advisory.cve) ?? asText(advisory.id)?.replace(/^TRIVY-/, '');
  if (id === undefined) return 'a text in advisory.cve or advisory.id was expected';
  const name = asText(at(custom, 'package', 'name'));
  if (name === undefined) return 'a text in package.name was expected';
  const type = packageTypeOfEcosystem(asText(at(custom, 'vulnerability', 'stack', 'ecosystem')));
  const aliases = [asText(advisory.id)?.replace(/^TRIVY-/, ''), ...asTexts(advisory.aliases)];
  const distribution = isSystemPackage(type)
    ? distributionOf(asText(at(custom, 'host', 'os', 'name')), asText(at(custom, 'host', 'os', 'version')))
    : null;
  const fixed = asText(at(custom, 'remediation', 'recommended', 'version'));
  const word = severityOfWord(asText(at(custom, 'severity_details', 'base', 'value')));
  const vector = asText(at(custom, 'severity_details', 'base', 'vector'));
  const vectors: VectorClaim[] =
    vector === undefined ? [] : [{ provider: scannerProvider('datadog'), vector, word }];
  return packageFindings({
    resource,
    ids: [id, ...aliases.filter((alias) => /^(?:GHSA|GO|PYSEC|RUSTSEC)-/.test(alias ?? ''))],
    package: splitPackageName(type, name),
    title: asText(custom.title),
    description: asText(custom.description) ?? asText(advisory.summary),
    severity: word ?? severityOfWord(asText(custom.severity)),
    vectors,
    fix: fixed,
    fixable: fixed !== undefined || at(custom, 'remediation', 'is_available') === true,
    locations: [{ version: asText(at(custom, 'package', 'version')) }],
    distribution: distribution?.release,
    publishedAt: parseInstant(advisory.published_at),
    exploit:
      at(custom, 'risk', 'has_exploit_available') === true
        ? { kind: 'exploit_published', sentence: 'Datadog says that an exploit is available.' }
        : undefined,
    state: stateOf(custom),
  });
}

function stateOf(custom: JsonObject): ObservedState {
  const status = asText(custom.status);
  const mute = asObject(at(custom, 'workflow', 'mute'));
  if (status === 'auto_closed' || status === 'resolved' || status === 'closed')
    return { is: 'ended', why: 'Datadog closed the finding.', passed: false };
  return status === 'muted' || mute?.is_muted === true
    ? { is: 'suppressed', reason: asText(mute?.description) ?? asText(mute?.reason) ?? 'muted in Datadog' }
    : OPEN;
}

const INSTANCE = /^i-[0-9a-f]{8,17}$/;

/** A machine of AWS by its instance, as AWS's own scanners name it; else a host by its name, else what is named. */
function resourceOf(custom: JsonObject): ResourceDescription | null {
  const cloud = asObject(custom.cloud_resource);
  const names = [
    asText(cloud?.display_name),
    asText(at(custom, 'host', 'name')),
    asText(custom.resource_name),
  ];
  const name = names.find((each) => each !== undefined);
  if (name === undefined) return null;
  const account = asText(cloud?.account);
  const region = asText(cloud?.region);
  const id = names.find((each) => INSTANCE.test(each ?? ''));
  if (id !== undefined && account !== undefined)
    return describeNamedResource({ id, type: 'AwsEc2Instance', account, region });
  if (asText(custom.resource_type) === 'host' || asObject(custom.host) !== undefined)
    return { kind: 'host', name };
  if (asText(cloud?.cloud_provider) === 'aws')
    return describeNamedResource({ id: name, type: asText(custom.resource_type), account, region });
  return { kind: 'cloud', provider: 'other', id: name, type: asText(custom.resource_type), account, region };
}

const STORES = new Set(DATASTORE_TYPES);

/**
 * What the Sensitive Data Scanner found in a store. Of anything else the risk says that it has access to such a store, which
 * is worked out here.
 */
function dataOf(custom: JsonObject, resource: ResourceDescription): readonly DataObservation[] {
  const found = asBoolean(at(custom, 'risk', 'has_sensitive_data'));
  if (found === undefined || resource.kind !== 'cloud' || !STORES.has(resource.type ?? '')) return [];
  const match = asText(at(custom, 'risk_details', 'has_sensitive_data', 'evidence', 'sds_id'));
  const reason = `Datadog's Sensitive Data Scanner found something in it${match === undefined ? '' : ` (${match.slice(0, 100)})`}`;
  const clue = sensitiveDataClue([], null, 'content', reason);
  return [{ kind: 'data', resource, id: 'datadog:sds', isGone: !found, clue }];
}

/** What its tags tell of the machine. */
function toldOf(resource: ResourceDescription, tags: ReadonlyMap<string, string>): readonly Observation[] {
  const told = tellingTags(tags);
  if (resource.kind !== 'cloud' || resource.type === undefined || Object.keys(told).length === 0) return [];
  return [
    secondHand({
      kind: 'resource',
      resource,
      type: resource.type,
      name: resource.name ?? resource.id.replace(/^.*[:/]/, ''),
      account: resource.account,
      region: resource.region,
      tags: told,
      facts: {},
    }),
  ];
}
