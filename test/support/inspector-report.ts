import { instantText } from '../../src/base/instant.ts';

/** A local flaw of the kernel of a machine, as `aws inspector2 list-findings` tells it. */
export function inspectorReport(at: number, machine: string, status: 'ACTIVE' | 'CLOSED'): object {
  const told = instantText(at);
  return {
    findings: [
      {
        findingArn: 'arn:aws:inspector2:eu-west-1:111111111111:finding/f1',
        awsAccountId: '111111111111',
        type: 'PACKAGE_VULNERABILITY',
        severity: 'HIGH',
        status,
        title: 'CVE-2026-7 - kernel',
        description: 'A flaw of the kernel.',
        firstObservedAt: told,
        lastObservedAt: told,
        updatedAt: told,
        remediation: { recommendation: { text: 'None Provided' } },
        resources: [{ id: machine, type: 'AWS_EC2_INSTANCE', region: 'eu-west-1' }],
        packageVulnerabilityDetails: {
          vulnerabilityId: 'CVE-2026-7',
          source: 'NVD',
          cvss: [
            {
              baseScore: 7.8,
              scoringVector: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
              source: 'NVD',
              version: '3.1',
            },
          ],
          vulnerablePackages: [{ name: 'kernel', version: '6.1.0', packageManager: 'OS', arch: 'X86_64' }],
        },
      },
    ],
  };
}
