import {
  type Accessibility,
  type AttackVector,
  type Impact,
  likelihoodOf,
  severityOfLikelihood,
} from '../severity/likelihood-impact.ts';
import type { Severity } from '../severity/severity.ts';
import awsCompute from './data/aws-compute.json' with { type: 'json' };
import awsData from './data/aws-data.json' with { type: 'json' };
import awsDetection from './data/aws-detection.json' with { type: 'json' };
import awsNetwork from './data/aws-network.json' with { type: 'json' };
import azure from './data/azure.json' with { type: 'json' };
import code from './data/code.json' with { type: 'json' };
import gcp from './data/gcp.json' with { type: 'json' };
import identityAws from './data/identity-aws.json' with { type: 'json' };
import identityAzure from './data/identity-azure.json' with { type: 'json' };
import identityGcp from './data/identity-gcp.json' with { type: 'json' };
import identityGithub from './data/identity-github.json' with { type: 'json' };
import identityKubernetes from './data/identity-kubernetes.json' with { type: 'json' };
import kubernetes from './data/kubernetes.json' with { type: 'json' };
import themes from './data/themes.json' with { type: 'json' };

/** Changes whenever a control, its severity, its admission or its mapping does: year, month, number. */
export const CATALOGUE_VERSION = '2026.11.2';

/** The tools whose check ids the catalogue maps. */
export const CATALOGUED_TOOLS = [
  'prowler',
  'securityhub',
  'checkov',
  'trivy',
  'kubescape',
  'cloudsploit',
  'gcp-scc',
  'kube-linter',
  'kubeaudit',
  'polaris',
  'scoutsuite',
] as const;

export type CataloguedTool = (typeof CATALOGUED_TOOLS)[number];

/** Where the resources of a control live. */
export type ControlProvider = 'aws' | 'azure' | 'gcp' | 'github' | 'kubernetes';

/**
 * Why a control is admitted by default: anyone outside can abuse it now with nothing else in hand; a service whose
 * only guard is a login or a patch answers to everyone; or it hands over full control. (design: curated controls)
 */
export type InboxCriterion = 'anyone_outside' | 'open_service' | 'full_control';

/** A canonical misconfiguration or identity check, to which scanners' own ids map (design: curated controls). */
export interface Control {
  readonly id: string;
  readonly type: 'misconfiguration' | 'identity_risk';
  readonly title: string;
  readonly provider: ControlProvider;
  /** What it is about, in words: `bucket`, `role`. */
  readonly resources: readonly string[];
  readonly likelihood: { readonly vector: AttackVector; readonly accessibility: Accessibility };
  readonly impact: Impact;
  /** What the matrix gives for likelihood and impact. */
  readonly severity: Severity;
  /** Admitted to the inbox by default. */
  readonly inbox: boolean;
  /** The criterion that decided so; null for what is catalogued only: having rights, hygiene, logging. */
  readonly inboxBecause: InboxCriterion | null;
  /** What can happen, in one sentence. */
  readonly why: string;
  readonly remediation: Remediation;
  readonly requirements: readonly Requirement[];
  /** The ids that mean this control, by tool, each in the spelling of `tool-check.ts`. */
  readonly checks: Readonly<Partial<Record<CataloguedTool, readonly string[]>>>;
  /** Tells this control from others that share a check id; absent where nothing in a record does. */
  readonly decidedBy?: DecidingFields;
  readonly implies?: readonly Implication[];
}

export interface Remediation {
  readonly text: string;
  /** A command, or the attribute to set in code, names to fill in in capitals; null where there is no obvious one. */
  readonly command: string | null;
}

/** One requirement of a framework that the control serves: `PCI DSS 4.0`, `1.3.1`. */
export interface Requirement {
  readonly framework: string;
  readonly id: string;
}

export interface DecidingFields {
  /** -1 and 0 stand for all ports. */
  readonly ports?: readonly number[];
  /** Parts of the name of a resource's kind, lower-case, without separators. */
  readonly resourceKinds?: readonly string[];
}

/** A failed check of this control says that its resource has the risk. */
export interface Implication {
  readonly risk: 'publicly_accessible' | 'privileged_access';
  /** The `tool:check`s that say it; absent where all of them do. */
  readonly checks?: readonly string[];
}

/** A control as the data files have it. */
interface ControlEntry
  extends Omit<Control, 'provider' | 'severity' | 'inbox' | 'remediation' | 'requirements'> {
  /** What kind of protection it is; says which requirements of general frameworks it serves. */
  readonly theme: keyof typeof themes;
  /** Requirements of benchmarks that name this very thing. */
  readonly benchmarks: readonly string[];
  readonly fix: string;
  readonly command: string | null;
}

const AREAS: readonly (readonly [ControlProvider, unknown])[] = [
  ['aws', awsNetwork],
  ['aws', awsCompute],
  ['aws', awsData],
  ['aws', awsDetection],
  ['kubernetes', kubernetes],
  ['azure', azure],
  ['gcp', gcp],
  ['github', code],
  ['aws', identityAws],
  ['kubernetes', identityKubernetes],
  ['azure', identityAzure],
  ['gcp', identityGcp],
  ['github', identityGithub],
];

/** All controls, in the order in which the catalogue lists them: of several that share a check the first counts. */
export const CONTROLS: readonly Control[] = AREAS.flatMap(([provider, entries]) =>
  (entries as readonly ControlEntry[]).map((entry) => readEntry(entry, provider)),
);

const BY_ID: ReadonlyMap<string, Control> = new Map(CONTROLS.map((control) => [control.id, control]));

/** The control of this id as the catalogue has it; null when it has none. */
export function controlById(id: string): Control | null {
  return BY_ID.get(id) ?? null;
}

function readEntry(
  { theme, benchmarks, fix, command, ...entry }: ControlEntry,
  provider: ControlProvider,
): Control {
  const { vector, accessibility } = entry.likelihood;
  return {
    ...entry,
    provider,
    severity: severityOfLikelihood(likelihoodOf(vector, accessibility), entry.impact),
    inbox: entry.inboxBecause !== null,
    remediation: { text: fix, command },
    requirements: [...benchmarks, ...themes[theme]].map(readRequirement),
  };
}

/** The last word is the id, what stands before it the framework. */
function readRequirement(text: string): Requirement {
  const space = text.lastIndexOf(' ');
  return { framework: text.slice(0, space), id: text.slice(space + 1) };
}
