import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { alertText, dismissedAlert, repositoryOfAlert } from '../reading/github-alert.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { packageTypeOfFile } from '../reading/lock-files.ts';

const REFERENCES_MAX = 5;

type Reading = readonly FindingObservation[] | string;

/** An alert of the REST interface, or what it lacks. */
export function mapRestAlert(alert: JsonObject): Reading {
  const advisory = asObject(alert.security_advisory) ?? {};
  const vulnerability = asObject(alert.security_vulnerability);
  return mapAlert({
    resource: repositoryOfAlert(alert),
    package: asObject(at(alert, 'dependency', 'package')) ?? asObject(vulnerability?.package),
    manifest: alertText(at(alert, 'dependency', 'manifest_path')),
    ids: [alertText(advisory.ghsa_id), alertText(advisory.cve_id), ...identifiersOf(advisory)],
    advisory,
    severity: severityOfWord(alertText(vulnerability?.severity) ?? alertText(advisory.severity)),
    vectors: [
      at(advisory, 'cvss_severities', 'cvss_v4', 'vector_string'),
      at(advisory, 'cvss_severities', 'cvss_v3', 'vector_string') ?? at(advisory, 'cvss', 'vector_string'),
    ],
    fix: alertText(at(vulnerability, 'first_patched_version', 'identifier')),
    publishedAt: advisory.published_at,
    state: stateOf(alert.state, alert.dismissed_reason, alert.dismissed_comment),
    page: alertText(alert.html_url),
  });
}

/** An alert of the GraphQL interface, or what it lacks. */
export function mapGraphAlert(alert: JsonObject, resource: ResourceDescription): Reading {
  const vulnerability = asObject(alert.securityVulnerability) ?? {};
  const advisory = asObject(vulnerability.advisory) ?? asObject(alert.securityAdvisory) ?? {};
  return mapAlert({
    resource,
    package: asObject(vulnerability.package),
    manifest: alertText(alert.vulnerableManifestPath),
    ids: [alertText(advisory.ghsaId), ...identifiersOf(advisory)],
    advisory,
    severity: severityOfWord(alertText(vulnerability.severity) ?? alertText(advisory.severity)),
    vectors: [at(advisory, 'cvss', 'vectorString')],
    fix: alertText(at(vulnerability, 'firstPatchedVersion', 'identifier')),
    publishedAt: advisory.publishedAt,
    state: stateOf(alert.state, alert.dismissReason, alert.dismissComment),
    page: undefined,
  });
}

interface Alert {
  readonly resource: ResourceDescription;
  readonly package: JsonObject | undefined;
  readonly manifest: string | undefined;
  readonly ids: readonly (string | undefined)[];
  readonly advisory: JsonObject;
  readonly severity: Severity | null;
  readonly vectors: readonly unknown[];
  readonly fix: string | undefined;
  readonly publishedAt: unknown;
  readonly state: ObservedState;
  readonly page: string | undefined;
}

function mapAlert(alert: Alert): Reading {
  const name = alertText(alert.package?.name);
  if (name === undefined) return 'a package was expected';
  const ids = alert.ids.filter((id) => id !== undefined);
  if (ids.length === 0) return 'an identifier of its advisory was expected';
  const ecosystem = alertText(alert.package?.ecosystem);
  const type =
    ecosystem === undefined
      ? (packageTypeOfFile(alert.manifest ?? '') ?? 'generic')
      : packageTypeOfEcosystem(ecosystem);
  const { advisory, severity } = alert;
  const vectors = alert.vectors.flatMap((vector): readonly VectorClaim[] => {
    const text = asText(vector);
    return text === undefined ? [] : [{ provider: 'ghsa', vector: text, word: severity }];
  });
  return packageFindings({
    resource: alert.resource,
    ids,
    package: splitPackageName(type, name),
    title: alertText(advisory.summary),
    severity,
    vectors:
      vectors.length === 0 && severity !== null
        ? [{ provider: 'ghsa', vector: null, word: severity }]
        : vectors,
    description: alertText(advisory.description),
    fix: alert.fix,
    fixable: alert.fix === undefined ? undefined : true,
    references: [
      ...(alert.page === undefined ? [] : [alert.page]),
      ...asObjects(advisory.references)
        .slice(0, REFERENCES_MAX)
        .flatMap((reference) => alertText(reference.url) ?? []),
    ],
    locations: alert.manifest === undefined ? [] : [{ path: alert.manifest.replace(/^\/+/, '') }],
    publishedAt: parseInstant(alert.publishedAt),
    state: alert.state,
  });
}

function identifiersOf(advisory: JsonObject): readonly (string | undefined)[] {
  return asObjects(advisory.identifiers)
    .slice(0, 20)
    .map((identifier) => alertText(identifier.value));
}

/** `FIXED` in GraphQL, `fixed` in REST. */
function stateOf(state: unknown, reason: unknown, comment: unknown): ObservedState {
  switch (alertText(state)?.toLowerCase()) {
    case 'fixed':
      return { is: 'ended', why: 'fixed', passed: false };
    case 'dismissed':
      return dismissedAlert(reason, comment);
    case 'auto_dismissed':
      return { is: 'suppressed', reason: 'dismissed by a rule on GitHub' };
    default:
      return OPEN;
  }
}
