import {
  CATALOGUE_VERSION,
  CATALOGUED_TOOLS,
  CONTROLS,
  type Control,
  type ControlProvider,
  type InboxCriterion,
} from '../src/domain/control/control-catalogue.ts';
import { likelihoodOf } from '../src/domain/severity/likelihood-impact.ts';

const PROVIDERS: Readonly<Record<ControlProvider, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  gcp: 'Google Cloud',
  github: 'GitHub',
  kubernetes: 'Kubernetes',
};

const CRITERIA: Readonly<Record<InboxCriterion, string>> = {
  anyone_outside: 'yes: anyone outside can abuse it with nothing else in hand',
  open_service: 'yes: a service guarded by a login or a patch only answers to everyone',
  full_control: 'yes: it hands over full control',
};

const HEAD = `# Controls

The catalogue of canonical misconfigurations and identity risks, version ${CATALOGUE_VERSION}: written by \`tools/write-controls-page.ts\` from
the files in \`src/domain/control/data\`. A scanner's check that maps to a control counts as that control, so that two scanners that find
the same thing make one finding. A check that none maps keeps the scanner's own severity, and \`why\` says so.

**Severity** follows likelihood and impact:

| likelihood | low impact | medium | high | critical |
|---|---|---|---|---|
| improbable: private, needs rights | low | low | medium | medium |
| possible: public and needs rights, or private and needs a vulnerability or a leaked key | low | medium | high | high |
| probable: public and needs such a thing, or private and needs nothing | medium | high | high | critical |
| highly probable: public and needs nothing | medium | high | critical | critical |

**Inbox** is *yes* for the ${CONTROLS.filter(({ inbox }) => inbox).length} controls that the default rules take in. Having rights, hygiene and logging are catalogued only: they can be
searched, taken in by hand, or marked.

**Your organisation** may see it otherwise: \`security-inbox controls set ID --impact high --inbox yes --reason TEXT\`; \`controls list --edited\`
shows what differs, \`controls reset ID\` takes it back. What a check means is not changed by that.

**Frameworks**: a benchmark is cited where it asks for this very thing, the others where the control serves the requirement. They are
a help for finding the way, not an audit. What was compared by 2026-11-29 with what scanners publish of each framework, and agreed:

| framework | compared | with |
|---|---|---|
| CIS GCP 2.0.0 | every number; 6.5 and 6.6 with the editions before and after, which agree | titles in Steampipe's module |
| CIS Azure 2.0.0 | every number; 4.5.1 with the editions around it, which agree | titles in Steampipe's module, Prowler's map of checks, tests of Elastic's cloudbeat |
| CIS EKS 1.4.0 | 5.4.1 | lists of kube-bench and Kubescape |
| CIS Kubernetes 1.8.0 | every number but 4.2.1 | lists of kube-bench and Kubescape, Prowler's map of checks |
| CIS AWS 3.0.0 | 2.1.3, 2.3.3, 5.6; the others not | titles in Steampipe's module |
| NIST 800-53 r5 | IA-5(7), CM-12; the others not | public copies of the catalogue |
| PCI DSS 4.0 | 8.2.6, 8.6.2; the others not | public copies of the requirements |
| ISO 27001:2022 | A.8.20, A.8.22, A.8.24; the others not | public lists of the controls |
| SOC 2 | none | - |
`;

/** The reference page of all controls, as `docs/reference/controls.md` has it. */
export function controlsPage(): string {
  const sections = (['misconfiguration', 'identity_risk'] as const).map((type) => {
    const controls = CONTROLS.filter((control) => control.type === type);
    const title = type === 'misconfiguration' ? 'Misconfigurations' : 'Identity risks';
    const areas = [...Map.groupBy(controls, ({ provider }) => provider)].map(
      ([provider, each]) =>
        `### ${PROVIDERS[provider]}: ${title.toLowerCase()}\n\n${each.map(entry).join('\n')}`,
    );
    return `## ${title} (${controls.length})\n\n${areas.join('\n')}`;
  });
  return [HEAD, ...sections].join('\n');
}

function entry(control: Control): string {
  const { id, title, resources, likelihood, impact, severity, inboxBecause, why, remediation } = control;
  const { vector, accessibility } = likelihood;
  const level = likelihoodOf(vector, accessibility).replaceAll('_', ' ');
  const requirements = control.requirements.map(
    ({ framework, id: requirement }) => `${framework} ${requirement}`,
  );
  const checks = CATALOGUED_TOOLS.flatMap((tool) =>
    (control.checks[tool] ?? []).map((check) => `\`${tool}:${check}\``),
  );
  return [
    `#### \`${id}\` ${title}`,
    '',
    `- ${severity}: ${level} (${vector.replaceAll('_', ' ')}, ${accessibility}), ${impact} impact; about: ${resources.join(', ')}`,
    `- inbox: ${inboxBecause === null ? 'no' : CRITERIA[inboxBecause]}`,
    `- why: ${why}`,
    `- fix: ${remediation.text}`,
    ...(remediation.command === null ? [] : [`- \`\`${remediation.command}\`\``]),
    `- frameworks: ${requirements.join('; ')}`,
    `- checks: ${checks.join(', ')}`,
    '',
  ].join('\n');
}
