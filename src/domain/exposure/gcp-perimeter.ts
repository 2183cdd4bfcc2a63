import { called, calledFirst } from '../resource/called.ts';
import { PERIMETER } from '../resource/facts/gcp-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { admittedByLevel } from './gcp-access-level.ts';
import { chainOf, type GcpEstate } from './gcp-estate.ts';
import { closedWay, unsureWay } from './way-in.ts';

/** APIs by which data are reached from outside, by the type of asset. */
const SERVICES: Readonly<Record<string, string>> = {
  'gcp-bucket': 'storage.googleapis.com',
  'gcp-dataset': 'bigquery.googleapis.com',
  'gcp-topic': 'pubsub.googleapis.com',
  'gcp-subscription': 'pubsub.googleapis.com',
  'gcp-kms-key': 'cloudkms.googleapis.com',
  'gcp-secret': 'secretmanager.googleapis.com',
  'gcp-artifact-repository': 'artifactregistry.googleapis.com',
};

/**
 * Ways in by IAM as a perimeter of VPC Service Controls leaves them: it refuses whoever is outside, whatever a binding
 * says, but for its access levels and what its ingress rules let in. Only perimeters that are enforced count.
 */
export function withinPerimeter(
  estate: GcpEstate,
  resource: EstateResource,
  records: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  const service = SERVICES[resource.type];
  if (service === undefined || !records.some(isOpen)) return records;
  const projects = new Set(
    chainOf(estate, resource).flatMap((name) => /\/(projects\/[^/]+)$/.exec(name)?.[1] ?? []),
  );
  const perimeter = estate.ofType('gcp-perimeter').find((each) => {
    const { perimeterType, status } = estate.facts(PERIMETER, each);
    return (
      perimeterType !== 'PERIMETER_TYPE_BRIDGE' &&
      (status?.resources ?? []).some((project) => projects.has(project)) &&
      (status?.restrictedServices ?? []).some((each) => each === service || each === '*')
    );
  });
  if (perimeter === undefined) return records;
  return records.map((record) => (isOpen(record) ? behind(estate, perimeter, service, record) : record));
}

function isOpen({ verdict, audience }: ExposureRecord): boolean {
  return verdict !== 'no' && isPublic(audience);
}

function behind(
  estate: GcpEstate,
  perimeter: EstateResource,
  service: string,
  record: ExposureRecord,
): ExposureRecord {
  const { status = {} } = estate.facts(PERIMETER, perimeter);
  const gates = [...record.gates, perimeter.key];
  const letsIn = (status.ingressPolicies ?? []).filter(({ ingressFrom, ingressTo }) => {
    const operations = (ingressTo?.operations ?? []).map(({ serviceName }) => serviceName);
    return (
      ingressFrom?.identityType !== undefined &&
      STRANGERS.has(ingressFrom.identityType) &&
      operations.some((name) => name === '*' || name === service)
    );
  });
  const levels = letsIn.flatMap(({ ingressFrom }) =>
    (ingressFrom?.sources ?? []).flatMap((each) => each.accessLevel ?? []),
  );
  if (levels.includes('*'))
    return {
      ...record,
      gates,
      evidence: [
        ...record.evidence,
        evidence(`An ingress rule of the ${called(perimeter)} lets everybody in.`, perimeter),
      ],
    };
  const admitted = [...new Set([...(status.accessLevels ?? []), ...levels])].map((level) =>
    admittedByLevel(estate, level),
  );
  if (admitted.some((each) => 'audience' in each && isPublic(each.audience)))
    return {
      ...record,
      gates,
      evidence: [
        ...record.evidence,
        evidence(`An access level of ${called(perimeter)} admits the internet.`, perimeter),
      ],
    };
  const missing = admitted.flatMap((each) => ('missing' in each ? each.missing : []));
  if (missing.length > 0) return unsureWay(missing, { ...record, gates });
  return closedWay({
    ...record,
    gates,
    evidence: [
      evidence(`${calledFirst(perimeter)} keeps ${service} from everybody outside.`, perimeter),
      ...record.evidence,
    ],
  });
}

const STRANGERS = new Set(['ANY_IDENTITY', 'ANY_USER_ACCOUNT']);
