import type { Control } from '#contract/control.ts';

/** A control as a server tells it. */
export const SAMPLE_CONTROL: Control = {
  id: 'net.sg.ssh',
  type: 'misconfiguration',
  title: 'SSH open to the internet',
  provider: 'aws',
  resources: ['security group'],
  likelihood: { vector: 'vulnerability', accessibility: 'public', level: 'probable' },
  impact: 'medium',
  severity: 'low',
  inbox: false,
  inboxBecause: 'open_service',
  why: 'Scanners find it\u001b[31m within minutes.',
  remediation: { text: 'Close the port.', command: null },
  requirements: [
    { framework: 'CIS AWS 3.0.0', id: '5.2' },
    { framework: 'CIS AWS 3.0.0', id: '5.3' },
    { framework: 'SOC 2', id: 'CC6.6' },
  ],
  checks: ['checkov:CKV_AWS_24', 'trivy:AWS-0107'],
  catalogue: '2026.11.2',
  edit: {
    vector: null,
    accessibility: null,
    impact: null,
    inbox: false,
    severity: 'low',
    reason: 'a lab\u0007',
    by: 'anna',
    at: '2026-10-01T12:00:00.000Z',
  },
};
