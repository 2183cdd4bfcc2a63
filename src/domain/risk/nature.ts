import type { RiskVerdict } from './detected-risk.ts';

/** What can never be true of a resource, whatever stands in its settings; null where it can. */
export interface Nature {
  /** Why nobody can reach it. */
  readonly isNoPlace: string | null;
  /** Why it has no rights of its own. */
  readonly actsAsNobody: string | null;
}

const ANY: Nature = { isNoPlace: null, actsAsNobody: null };
const NO_RIGHTS: Nature = {
  isNoPlace: null,
  actsAsNobody: 'Does not apply: a resource of this type acts as no identity.',
};
const NO_PLACE: Nature = {
  isNoPlace: 'Does not apply: a resource of this type is no place that could be reached.',
  actsAsNobody: null,
};
const NEITHER: Nature = { isNoPlace: NO_PLACE.isNoPlace, actsAsNobody: NO_RIGHTS.actsAsNobody };

/** By the service of an ARN and the word with which the rest begins; `*` stands for any rest. */
const OF_AWS: Readonly<Record<string, Readonly<Record<string, Nature>>>> = {
  acm: { certificate: NEITHER },
  'access-analyzer': { analyzer: NEITHER },
  cloudfront: { distribution: NO_RIGHTS },
  dynamodb: { table: NO_RIGHTS },
  ec2: {
    'dhcp-options': NEITHER,
    'elastic-ip': NO_RIGHTS,
    image: NO_RIGHTS,
    'internet-gateway': NEITHER,
    'key-pair': NEITHER,
    natgateway: NO_RIGHTS,
    'network-acl': NEITHER,
    'route-table': NEITHER,
    'security-group': NO_RIGHTS,
    snapshot: NO_RIGHTS,
    subnet: NO_RIGHTS,
    volume: NEITHER,
    vpc: NO_RIGHTS,
    'vpc-endpoint': NO_RIGHTS,
    'vpc-endpoint-service': NO_RIGHTS,
    'vpc-flow-log': NEITHER,
  },
  ecr: { repository: NO_RIGHTS },
  elasticfilesystem: { 'file-system': NO_RIGHTS },
  elasticloadbalancing: { '*': NO_RIGHTS },
  guardduty: { detector: NEITHER },
  iam: {
    group: NO_PLACE,
    'instance-profile': NEITHER,
    mfa: NEITHER,
    'oidc-provider': NEITHER,
    policy: NEITHER,
    root: NO_PLACE,
    'saml-provider': NEITHER,
    'server-certificate': NEITHER,
    user: NO_PLACE,
  },
  kms: { alias: NEITHER, key: NO_RIGHTS },
  logs: { 'log-group': NO_RIGHTS },
  rds: {
    'cluster-pg': NEITHER,
    'cluster-snapshot': NO_RIGHTS,
    pg: NEITHER,
    snapshot: NO_RIGHTS,
    subgrp: NEITHER,
  },
  route53: { hostedzone: NO_RIGHTS },
  s3: { '*': NO_RIGHTS },
  secretsmanager: { secret: NO_RIGHTS },
  sns: { '*': NO_RIGHTS },
  sqs: { '*': NO_RIGHTS },
};

const OF_KUBERNETES: Readonly<Record<string, Nature>> = {
  ClusterRole: NEITHER,
  ClusterRoleBinding: NEITHER,
  ConfigMap: NEITHER,
  Ingress: NO_RIGHTS,
  Namespace: NEITHER,
  NetworkPolicy: NEITHER,
  PersistentVolume: NEITHER,
  PersistentVolumeClaim: NEITHER,
  Role: NEITHER,
  RoleBinding: NEITHER,
  Secret: NEITHER,
  Service: NO_RIGHTS,
  ServiceAccount: NO_PLACE,
  StorageClass: NEITHER,
};

const ARN = /^aws:arn:[^:]*:([^:]*):[^:]*:[^:]*:([^:/]*)/;
const OBJECT = /^k8s:.*\/([^/]+)\/[^/]*\/[^/]*$/;

/** What a resource is by nature, told by its canonical key (attack-paths §1.1) alone. Few are listed: the rest can be anything. */
export function natureOf(key: string, kind: string): Nature {
  if (kind === 'account') return NEITHER;
  if (kind === 'kubernetes') return ofWord(OF_KUBERNETES, OBJECT.exec(key)?.[1]);
  const [, service, word] = ARN.exec(key) ?? [];
  const ofService = service !== undefined && Object.hasOwn(OF_AWS, service) ? OF_AWS[service] : undefined;
  return ofService === undefined ? ANY : ofWord(ofService, word);
}

function ofWord(natures: Readonly<Record<string, Nature>>, word: string | undefined): Nature {
  if (word !== undefined && Object.hasOwn(natures, word)) return natures[word] as Nature;
  return natures['*'] ?? ANY;
}

/**
 * What is unknown but can't be is *no*, and says that it does not apply (design, interfaces). Facts that speak for it
 * say otherwise: a binding that gives rights to strangers is as public as the API server.
 */
export function byNature(verdict: RiskVerdict, impossible: string | null): RiskVerdict {
  if (verdict.state !== 'unknown' || impossible === null || verdict.evidence.length > 0) return verdict;
  return {
    state: 'no',
    evidence: [{ sentence: impossible, provenance: 'type of resource', at: null }],
    missing: [],
  };
}
