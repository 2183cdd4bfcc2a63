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
a help for finding the way, not an audit. Every number was compared by 2026-11-29 with what is published of its framework
(\`src/domain/control/samples/requirements.tsv\` says where each was read), and a test lets in no number that was not:

| framework | with |
|---|---|
| CIS AWS 3.0.0, 1.5.0 | lists of Steampipe's module; the first section with Prowler's reports too |
| CIS Azure 2.0.0 | lists and descriptions of Steampipe's module |
| CIS EKS 1.4.0 | kube-bench's list of the edition after, which agrees |
| CIS GCP 2.0.0 | lists and descriptions of Steampipe's module, Prowler's reports |
| CIS Kubernetes 1.8.0 | kube-bench's lists, Prowler's reports |
| ISO 27001:2022 | names of the controls |
| NIST 800-53 r5, PCI DSS 4.0, SOC 2 | names of the requirements, in Steampipe's modules or the standard |
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
