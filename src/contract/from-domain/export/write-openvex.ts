import { type Instant, instantText } from '#base/instant.ts';
import type { ExportedFinding, ExportedMute } from '#domain/ports/export-store.ts';
import type { MuteReason } from '#domain/ports/inbox-store.ts';

/** The beginning of a document of OpenVEX 0.2.0; its statements follow, and two brackets. */
export function openvexHead({ now, version }: { readonly now: Instant; readonly version: string }): string {
  const at = instantText(now);
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:security-inbox:vex:${at}`,
    author: 'Security Inbox',
    timestamp: at,
    version: 1,
    tooling: `Security Inbox ${version}`,
  };
  return `${JSON.stringify(document).slice(0, -1)},"statements":[`;
}

/** What is said of a muted finding; null for one of no advisory, and for a duplicate, which says nothing of the flaw. */
export function openvexStatement(finding: ExportedFinding, now: Instant): unknown {
  const { advisory, mute } = finding;
  if (advisory === null || mute === null || mute.because === 'duplicate') return null;
  const components = componentsOf(finding);
  const product = productOf(finding);
  return {
    vulnerability: { name: advisory },
    timestamp: instantText(mute.at ?? now),
    products: [
      {
        '@id': product,
        ...(components.length > 0 && { subcomponents: components.map((id) => ({ '@id': id })) }),
      },
    ],
    ...saidOf(mute),
  };
}

/** The words of the specification: who is not affected says why, by a word or a sentence and not by both; who is says what is done. */
const JUSTIFICATIONS: ReadonlySet<string> = new Set([
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
]);

function saidOf({ vex, because, reason, until }: ExportedMute): object {
  if (vex !== null) {
    if (vex.status === 'fixed') return { status: 'fixed' };
    const justification = vex.justification ?? '';
    return JUSTIFICATIONS.has(justification)
      ? { status: 'not_affected', justification, ...(reason !== '' && { status_notes: reason }) }
      : {
          status: 'not_affected',
          impact_statement:
            [justification, reason].filter((text) => text !== '').join(': ') || 'Not affected.',
        };
  }
  if (because === 'false_positive')
    return { status: 'not_affected', impact_statement: reason || 'The scanner is wrong here.' };
  const end = until === null ? '' : ` until ${instantText(until).slice(0, 10)}`;
  return {
    status: 'affected',
    action_statement: `${ACTIONS[because ?? 'other']}${end}${reason === '' ? '' : `: ${reason}`}`,
  };
}

const ACTIONS: Readonly<Record<Exclude<MuteReason, 'false_positive'>, string>> = {
  risk_accepted: 'The risk is accepted',
  pending_fix: 'A fix is on its way',
  no_fix: 'There is no fix',
  duplicate: 'It is told elsewhere',
  other: 'Nothing is done for now',
};

/** An image whatever its digest, as what was decided holds for each that follows; any other resource by its own id. */
function productOf({ resource: { key, kind, name } }: ExportedFinding): string {
  if (kind !== 'image') return encodeURI(key.toWellFormed());
  const last = encodeURIComponent(name.slice(name.lastIndexOf('/') + 1));
  return `pkg:oci/${last}?repository_url=${encodeURIComponent(name)}`;
}

/** The package that has the flaw, once for each version of it that was seen. */
function componentsOf({ place, locations }: ExportedFinding): readonly string[] {
  const end = place.indexOf('/');
  if (end <= 0) return [];
  const name = place
    .slice(end + 1)
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  const purl = `pkg:${place.slice(0, end)}/${name}`;
  const versions = [...new Set(locations.flatMap(({ version }) => version ?? []))];
  return versions.length === 0 ? [purl] : versions.map((version) => `${purl}@${encodeURIComponent(version)}`);
}
