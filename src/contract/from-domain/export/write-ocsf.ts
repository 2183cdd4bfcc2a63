import type { Instant } from '#base/instant.ts';
import type { ExportedFinding } from '#domain/ports/export-store.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import type { Severity } from '#domain/severity/severity.ts';

const SEVERITY_IDS: Readonly<Record<Severity, readonly [id: number, name: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

const VULNERABILITY = [2002, 'Vulnerability Finding'] as const;
const COMPLIANCE = [2003, 'Compliance Finding'] as const;
const DETECTION = [2004, 'Detection Finding'] as const;

/** One finding as an event of OCSF 1.3: a vulnerability, a check that failed, or any other detection. */
export function ocsfFinding(
  finding: ExportedFinding,
  issue: IssueRow,
  { now, version }: { readonly now: Instant; readonly version: string },
): unknown {
  const [classUid, className] = classOf(finding, issue);
  const [severityId, severity] = SEVERITY_IDS[issue.severity];
  const [statusId, status] = statusOf(issue);
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: classUid,
    class_name: className,
    type_uid: classUid * 100 + 1,
    type_name: `${className}: Create`,
    severity_id: severityId,
    severity,
    status_id: statusId,
    status,
    time: now,
    message: finding.title || issue.title,
    metadata: {
      version: '1.3.0',
      product: { name: 'Security Inbox', vendor_name: 'Security Inbox', version },
    },
    finding_info: {
      uid: finding.fingerprint,
      title: finding.title || issue.title,
      first_seen_time: finding.firstSeen,
      types: [issue.type],
    },
    resources: [{ uid: finding.resource.key, name: finding.resource.name, type: finding.resource.kind }],
    ...detailOf(classUid, finding, issue),
    unmapped: {
      issue: issue.id,
      issue_key: issue.key,
      score: issue.score,
      risks: DETECTED_RISKS.filter((risk) => issue.riskStates[risk] === 'yes'),
      team: issue.team,
      assignee: issue.assignee,
    },
  };
}

function classOf(
  { advisory }: ExportedFinding,
  { type }: IssueRow,
): typeof VULNERABILITY | typeof COMPLIANCE | typeof DETECTION {
  if (advisory !== null) return VULNERABILITY;
  return type === 'misconfiguration' || type === 'identity_risk' || type === 'iac_misconfiguration'
    ? COMPLIANCE
    : DETECTION;
}

function statusOf({ status, isMuted }: IssueRow): readonly [id: number, name: string] {
  if (isMuted || status === 'snoozed') return [3, 'Suppressed'];
  if (status === 'resolved') return [4, 'Resolved'];
  return status === 'in_progress' ? [2, 'In Progress'] : [1, 'New'];
}

function detailOf(classUid: number, finding: ExportedFinding, issue: IssueRow): object {
  const [, severity] = SEVERITY_IDS[issue.severity];
  if (classUid === VULNERABILITY[0]) {
    const { advisory } = finding;
    const isCve = advisory?.startsWith('CVE-') === true;
    return {
      vulnerabilities: [
        {
          ...(isCve ? { cve: { uid: advisory } } : { advisory: { uid: advisory } }),
          title: issue.title,
          severity,
          is_fix_available: finding.fix !== null,
          ...(finding.fix !== null && { remediation: { desc: finding.fix } }),
          ...(finding.place !== '' && {
            affected_packages: [
              {
                name: finding.place.slice(finding.place.indexOf('/') + 1),
                version: finding.locations.find(({ version }) => version !== undefined)?.version ?? 'unknown',
              },
            ],
          }),
        },
      ],
    };
  }
  if (classUid !== COMPLIANCE[0]) return {};
  return {
    compliance: {
      control: finding.control ?? finding.toolCheck ?? issue.key,
      standards: ['Security Inbox controls'],
      status: 'Fail',
      status_id: 3,
    },
    ...(finding.fix !== null && { remediation: { desc: finding.fix } }),
  };
}
