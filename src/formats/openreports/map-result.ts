import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { isIdentityKind } from '../reading/kubernetes-kinds.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import { packageTypeOfVersion } from '../reading/version-shape.ts';

const SUBJECTS_MAX = 1_000;
const ADVISORY = /^(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3})$/i;

/** What a result says of the objects that it is about; a sentence where it lacks what it needs. */
export function mapResult(
  result: JsonObject,
  report: JsonObject,
  cluster: string | null,
): readonly FindingObservation[] | string {
  const policy = asText(result.policy);
  if (policy === undefined) return 'a text in policy was expected';
  const state = STATES.get(asText(result.result) ?? asText(result.status) ?? '');
  // `skip` and `error` are no answers.
  if (state === undefined) return [];
  const objects = objectsOf(result, report, cluster);
  if (objects.length === 0)
    return 'an object in resources, subjects or in the scope of its report was expected';
  const source = asText(result.source) ?? asText(report.source) ?? 'policy-report';
  return objects.flatMap((object) => {
    const cover = `${source}/${object.objectKind}/${object.namespace}/${object.name}`;
    return ADVISORY.test(policy)
      ? inImage(result, policy, object, state, cover)
      : [ofPolicy(result, policy, source, object, state, cover)];
  });
}

/** Kinds that lie in no namespace, whatever their report lies in. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
]);

const STATES: ReadonlyMap<string, ObservedState> = new Map([
  ['pass', PASSED],
  ['fail', OPEN],
  ['warn', OPEN],
]);

function ofPolicy(
  result: JsonObject,
  policy: string,
  source: string,
  object: KubernetesObjectDescription,
  state: ObservedState,
  cover: string,
): FindingObservation {
  const rule = asText(result.rule);
  const message = asText(result.message) ?? asText(result.description);
  return postureFinding({
    tool: source,
    check: rule === undefined || rule === policy ? policy : `${policy}/${rule}`,
    resource: object,
    resourceKind: object.objectKind,
    isIdentity: isIdentityKind(object.objectKind),
    title: message ?? policy,
    severity: severityOfWord(asText(result.severity)),
    description: message,
    references: [asText(asObject(result.properties)?.primaryURL)],
    state,
    cover,
  });
}

/** A scanner's word on the images of a workload, of which the report names none: the workload stands for them. */
function inImage(
  result: JsonObject,
  id: string,
  object: KubernetesObjectDescription,
  state: ObservedState,
  cover: string,
): readonly FindingObservation[] {
  const properties = asObject(result.properties) ?? {};
  const version = asText(properties.installedVersion) ?? asText(properties['resource.version']);
  const fixed = asText(properties.fixedVersion);
  const name = asText(properties.pkgName) ?? asText(properties.artifact) ?? id;
  return packageFindings({
    resource: object,
    ids: [id],
    package: splitPackageName(packageTypeOfVersion(version ?? '') ?? 'generic', name),
    title: asText(result.message),
    severity: severityOfWord(asText(result.severity)),
    fix: fixed,
    fixable: fixed !== undefined,
    references: [asText(properties.primaryURL)].flatMap((url) => url ?? []),
    locations: [{ version }],
    state,
    cover,
  });
}

/** The objects that the result names, else the one that its report is about. */
function objectsOf(
  result: JsonObject,
  report: JsonObject,
  cluster: string | null,
): readonly KubernetesObjectDescription[] {
  const named = [...asObjects(result.resources), ...asObjects(result.subjects)];
  const scope = asObject(report.scope);
  const around = asText(asObject(report.metadata)?.namespace) ?? '';
  return (named.length === 0 && scope !== undefined ? [scope] : named)
    .slice(0, SUBJECTS_MAX)
    .flatMap((each) => {
      const objectKind = asText(each.kind);
      const name = asText(each.name);
      if (objectKind === undefined || name === undefined) return [];
      const version = asText(each.apiVersion) ?? '';
      return [
        {
          kind: 'kubernetes',
          cluster,
          group: version.includes('/') ? (version.split('/', 1)[0] ?? '') : '',
          objectKind,
          namespace: CLUSTER_WIDE.has(objectKind) ? '' : (asText(each.namespace) ?? around),
          name,
        },
      ];
    });
}
