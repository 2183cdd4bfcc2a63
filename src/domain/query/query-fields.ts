import { FINDING_TYPES } from '../finding/finding-type.ts';
import { DETECTED_RISKS, type DetectedRisk } from '../risk/detected-risk.ts';
import { SEVERITIES } from '../severity/severity.ts';

/** What there is to say about a field. */
interface FieldFacts {
  /** Other names for the same; `@…` are the paths that other products give it. */
  readonly aliases: readonly string[];
  /**
   * - `choice`: words of a closed list.
   * - `name`: a whole text, the case of A to Z apart, in which `*` stands for anything.
   * - `text`: a text that contains the value, in any case.
   * - `number`, `time`: compared, or between two ends.
   */
  readonly kind: 'choice' | 'name' | 'text' | 'number' | 'time';
  /** The words of a `choice`, those that compare as greater first where `isOrdered`; empty for other kinds. */
  readonly values: readonly string[];
  /** Shorter words for values. */
  readonly shortValues: Readonly<Record<string, string>>;
  /** Whether choices can be compared: `severity:>=high`. */
  readonly isOrdered: boolean;
  /** What values with commas between them mean. */
  readonly list: 'any' | 'all';
  /**
   * Whether an issue has the field itself, or any of its findings that are open (of a resolved issue: all of them);
   * `rules`: only conditions of rules ask for it, of one finding.
   */
  readonly of: 'issue' | 'findings' | 'rules';
  /** One sentence for people: what it is. */
  readonly sentence: string;
  readonly example: string;
}

const YES_NO = ['yes', 'no'];

const field = <Name extends string>(
  name: Name,
  kind: FieldFacts['kind'],
  sentence: string,
  example: string,
  more: Partial<FieldFacts> = {},
): FieldFacts & { readonly name: Name } => ({
  aliases: [],
  values: [],
  shortValues: {},
  isOrdered: false,
  list: 'any',
  of: 'issue',
  ...more,
  name,
  kind,
  sentence,
  example,
});

/** All fields, in the order in which pages and completion show them. Each is answered exactly, from what is stored. */
const FIELDS = [
  field('severity', 'choice', 'How bad it is, by its lead finding.', 'severity:>=high', {
    aliases: ['@severity'],
    values: SEVERITIES,
    isOrdered: true,
  }),
  field(
    'score',
    'number',
    'The adjusted score of its lead finding, 0.0 to 10.0, as lists show it.',
    'score:[7 TO 9]',
    {
      aliases: ['@severity_details.adjusted.score'],
    },
  ),
  field('type', 'choice', 'The type of its findings.', 'type:secret,iac', {
    aliases: ['@finding_type'],
    values: FINDING_TYPES,
    shortValues: {
      misconfig: 'misconfiguration',
      identity: 'identity_risk',
      library: 'library_vulnerability',
      code: 'code_vulnerability',
      infra: 'infrastructure_vulnerability',
      path: 'attack_path',
      iac: 'iac_misconfiguration',
      api: 'api_finding',
    },
  }),
  field(
    'risk',
    'choice',
    'The detected risks that are there for sure. Whether one is there may be unknown, and then neither risk:… nor -risk:… matches.',
    'risk:publicly_accessible,in_production',
    { values: DETECTED_RISKS, list: 'all' },
  ),
  field(
    'unknown',
    'choice',
    'The detected risks that nobody can tell, as an input is missing.',
    'unknown:in_production',
    {
      values: DETECTED_RISKS,
      list: 'all',
    },
  ),
  field('risk_count', 'number', 'How many of the five detected risks are there.', 'risk_count:>=3'),
  field(
    'status',
    'choice',
    'Where the work on it stands. Unless a query names it, issues that are open or in progress are listed.',
    'status:resolved',
    {
      aliases: ['@status'],
      values: ['open', 'in_progress', 'snoozed', 'resolved'],
    },
  ),
  field(
    'muted',
    'choice',
    'Whether it is muted. Unless a query names it, muted issues are left out.',
    'muted:yes',
    {
      aliases: ['@workflow.mute.is_muted'],
      values: YES_NO,
      shortValues: { true: 'yes', false: 'no' },
    },
  ),
  field(
    'admitted',
    'choice',
    'Whether it is in the inbox. Unless a query names it, the others are listed only where all are asked for.',
    'admitted:no',
    { aliases: ['@is_in_security_inbox'], values: YES_NO, shortValues: { true: 'yes', false: 'no' } },
  ),
  field(
    'admitted_by',
    'name',
    'The ids of the rules that admit it, by-hand for a person.',
    'admitted_by:default.*',
    {
      aliases: ['rule'],
    },
  ),
  field('due', 'time', 'When it is due; due:* are those with a due date.', 'due:<7d', {
    aliases: ['@workflow.due_date.due_at'],
  }),
  field('overdue', 'choice', 'Whether its due date is past and it is not resolved.', 'overdue:yes', {
    aliases: ['@workflow.due_date.is_overdue'],
    values: YES_NO,
    shortValues: { true: 'yes', false: 'no' },
  }),
  field(
    'snoozed',
    'time',
    'Until when it is snoozed; snoozed:* are those that wake at a date.',
    'status:snoozed snoozed:<now+7d',
  ),
  field(
    'regressed',
    'time',
    'When one of its findings that was closed was last seen again; regressed:* are those of which one is back.',
    'regressed:>now-7d',
  ),
  field('first_seen', 'time', 'When the first of its findings was seen first.', 'first_seen:>now-30d', {
    aliases: ['@first_seen_at'],
  }),
  field('assignee', 'name', 'Who works on it.', '-assignee:*'),
  field('team', 'name', 'The team that owns it.', 'team:platform', { aliases: ['owner'] }),
  field('service', 'name', 'A service that it touches.', 'service:checkout'),
  field(
    'account',
    'name',
    'An account, subscription, project or cluster that it is in.',
    'account:123456789012',
    {
      aliases: ['cluster', '@cloud_resource.account'],
    },
  ),
  field(
    'fix',
    'name',
    'What mends its lead finding: the package to upgrade, the control to meet, or the opening of an attack path to close.',
    'fix:"package:npm/axios"',
  ),
  field('title', 'text', 'Its title contains the text.', 'title:"remote code"'),
  field('key', 'name', 'Its key.', 'key:secret|*'),
  field('id', 'name', 'Its id.', 'id:0a1b*'),
  field('advisory', 'name', 'The advisory that it is about, by its one name.', 'cve:CVE-2021-44228', {
    aliases: ['cve', '@advisory.cve'],
  }),
  field('resources', 'number', 'How many resources it touches.', 'resources:>10'),
  field('services', 'number', 'How many services it touches.', 'services:>1'),
  field('impact', 'number', 'How many resources and services it touches.', 'impact:>=5'),
  field('findings', 'number', 'How many of its findings are open.', 'findings:1'),
  field('resource', 'name', 'The name or id of a resource that a finding is on.', 'resource:*payments*', {
    aliases: ['@resource_name', '@resource_id'],
    of: 'findings',
  }),
  field('kind', 'name', 'The kind of a resource that a finding is on.', 'kind:image', { of: 'findings' }),
  field(
    'region',
    'name',
    'The region of a cloud that such a resource is in, or a workload that runs it.',
    'region:eu-*',
    {
      aliases: ['@cloud_resource.region'],
      of: 'findings',
    },
  ),
  field(
    'namespace',
    'name',
    'The namespace of a cluster that such a resource is in, or a workload that runs it.',
    'namespace:payments',
    { aliases: ['kube_namespace'], of: 'findings' },
  ),
  field(
    'tag',
    'name',
    'A tag or label of such a resource, or of a workload that runs it: its key, = and its value.',
    'tag:team=pay*',
    { aliases: ['tags', 'label', '@tags'], of: 'findings' },
  ),
  field('control', 'name', 'The id of the control that a finding is about.', 'control:aws.s3.*', {
    of: 'findings',
  }),
  field('check', 'name', "A scanner's own id of the check, tool:check.", 'check:prowler:*', {
    of: 'findings',
  }),
  field('source', 'name', 'The name of a source that shows a finding now.', 'source:nightly', {
    of: 'findings',
  }),
  field('tool', 'name', 'The tool of such a source.', 'tool:trivy', { of: 'findings' }),
  field(
    'environment',
    'name',
    'An environment in which it is deployed. Where nobody knows one of them, -environment:x does not match.',
    'environment:staging',
    { aliases: ['env'], of: 'rules' },
  ),
  field(
    'known_exploited',
    'choice',
    'Whether KEV lists its advisory, or its scanner says that it is exploited. Not known while KEV is older than 30 days.',
    'known_exploited:yes',
    { aliases: ['kev'], values: YES_NO, shortValues: { true: 'yes', false: 'no' }, of: 'rules' },
  ),
  field(
    'computed_severity',
    'choice',
    'How bad it is before any rule modifies that.',
    'computed_severity:>=high',
    {
      aliases: ['@severity_details.adjusted.value'],
      values: SEVERITIES,
      isOrdered: true,
      of: 'rules',
    },
  ),
  field(
    'computed_score',
    'number',
    'Its adjusted score before any rule modifies the severity.',
    'computed_score:<7',
    {
      of: 'rules',
    },
  ),
] as const;

/** The fields that only conditions of rules have. */
export type RuleFieldName = 'environment' | 'known_exploited' | 'computed_severity' | 'computed_score';

export type QueryFieldName = (typeof FIELDS)[number]['name'];

/** One field of the query language: what may stand before a colon, as data for parser, compilers, completion and page. */
export interface QueryField extends FieldFacts {
  readonly name: QueryFieldName;
}

/** The fields of issues, for lists and the search box. */
export const QUERY_FIELDS: readonly QueryField[] = FIELDS.filter(({ of }) => of !== 'rules');

/** The fields that only conditions of rules have, as the others in the order of pages. */
export const RULE_FIELDS: readonly QueryField[] = FIELDS.filter(({ of }) => of === 'rules');

const BY_NAME: ReadonlyMap<string, QueryField> = new Map(
  FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each] as const)),
);

/** The paths by which other products ask for one risk, true or false. */
const RISK_PATHS: ReadonlyMap<string, DetectedRisk> = new Map([
  ['@risk.is_publicly_accessible', 'publicly_accessible'],
  ['@risk.has_privileged_access', 'privileged_access'],
  ['@risk.is_exposed_to_attacks', 'under_attack'],
  ['@risk.has_exploit_available', 'exploit_available'],
  ['@risk.is_production', 'in_production'],
]);

/** The field of this name or other name, in any case; undefined where there is none. */
export function queryField(name: string): QueryField | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The risk of a path such as `@risk.is_production`; undefined where it is no such path. */
export function riskOfPath(path: string): DetectedRisk | undefined {
  return RISK_PATHS.get(path.toLowerCase());
}

/** Every name that can stand before a colon: in a list, or in the condition of a rule. */
export function namesBeforeColon(isInRule: boolean): readonly string[] {
  const names = [...BY_NAME].flatMap(([name, { of }]) => (isInRule || of !== 'rules' ? [name] : []));
  return [...names, ...RISK_PATHS.keys()];
}
