import type { CloudPrivilege } from '../privilege/cloud-privilege.ts';
import type { Privilege } from '../privilege/privilege.ts';
import type { RiskVerdict } from './detected-risk.ts';
import { type EstateResource, evidence } from './estate.ts';

/** The detected risk of a resource, and the privilege that it rests on. */
interface CloudJudgement {
  readonly verdict: RiskVerdict;
  readonly privilege: Privilege;
}

/** Privileged access of a resource that is a principal, or that runs as one; null: it runs as nobody. */
export function judgePrivilege(
  resource: EstateResource,
  own: CloudPrivilege | null,
  subject: string,
): CloudJudgement {
  if (own === null) {
    const verdict = no(resource, `${resource.name} runs as no identity.`);
    return { verdict, privilege: { level: 'none', reasons: [] } };
  }
  const { level, reasons } = own;
  return { verdict: verdictOf(resource, own, subject), privilege: { level, reasons } };
}

function verdictOf(
  resource: EstateResource,
  { level, reasons, missing }: CloudPrivilege,
  subject: string,
): RiskVerdict {
  switch (level) {
    case 'unknown':
      return { state: 'unknown', evidence: [], missing };
    case 'none':
      return no(resource, `${subject} has no privileged rights.`);
    case 'P4':
      return no(resource, `${subject} ${reasons[0]} (P4).`);
    default:
      return {
        state: 'yes',
        evidence: [evidence(`${subject} ${reasons[0]} (${level}).`, resource)],
        missing: [],
      };
  }
}

function no(resource: EstateResource, sentence: string): RiskVerdict {
  return { state: 'no', evidence: [evidence(sentence, resource)], missing: [] };
}
