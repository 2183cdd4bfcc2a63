import type { Resource } from '#contract/resource.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';
import { readable } from './words.ts';

/** More would hide what matters; `--json` has all. */
const WAYS_SHOWN = 20;

/** What is known of a resource, as lines for a terminal. */
export function presentResource(resource: Resource, paint: Paint): readonly string[] {
  if (resource.kind === null)
    return [`${safe(resource.id)} is not known: no report and no inventory names a resource of this id.`];
  const { name, id, kind, goneAt, environment, services, owner, owners, data, privilege, exposure, issues } =
    resource;
  return [
    `${paint.strong(safe(name))}  ${safe(kind)}`,
    `id ${safe(id)}`,
    ...(goneAt === null
      ? []
      : [`gone since ${goneAt.slice(0, 10)}: what was known of it counts for nothing`]),
    `environment ${safe(environment ?? 'unknown')}, services ${services.length === 0 ? 'none known' : services.map((each) => safe(each)).join(', ')}, owner ${safe(owner ?? 'none known')}`,
    ...(data.class === null && data.types.length === 0
      ? []
      : [
          `data ${[data.class ?? 'of an unknown class', ...data.types].map((each) => safe(each)).join(', ')}: ${data.reasons.map((each) => safe(each)).join('; ')}`,
        ]),
    ...section(
      paint,
      'Candidates for the owner',
      owners
        .slice(1)
        .map((each) => `${safe(each.name)} (${safe(each.reason)}, confidence ${each.confidence})`),
    ),
    ...section(paint, 'Detected risks', riskLines(resource)),
    ...section(
      paint,
      `Privilege: ${privilege.level}`,
      privilege.reasons.map((reason) => safe(reason)),
    ),
    ...section(paint, 'Ways in', wayLines(exposure)),
    ...section(
      paint,
      `Issues: ${issues.length}`,
      issues.map((issue) => safe(issue)),
    ),
  ];
}

function section(paint: Paint, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.strong(title), ...lines.map((line) => `  ${line}`)];
}

function riskLines({ riskStates, evidence, missing }: Resource): readonly string[] {
  return Object.entries(riskStates).flatMap(([risk, state]) => [
    `${state.padEnd(7)}  ${readable(risk)}`,
    ...(evidence[risk] ?? []).flatMap(({ sentence, provenance, at, link }) => [
      `         ${safe(sentence)} (${safe(provenance)}${at === null ? '' : `, ${at.slice(0, 10)}`})`,
      ...(link === null || sentence.includes(link) ? [] : [`         ${safe(link, 2_000)}`]),
    ]),
    ...(missing[risk] ?? []).map((each) => `         missing: ${safe(each)}`),
  ]);
}

/** What was seen of a way by who knocked. */
function listeningText({ listening, confirmed }: Resource['exposure'][number]): string {
  if (confirmed) return ', answered from the internet';
  if (listening === null) return '';
  return listening === 'yes' ? ', something listens' : ', nothing listens';
}

function wayLines(exposure: Resource['exposure']): readonly string[] {
  const shown = exposure.slice(0, WAYS_SHOWN).flatMap((way) => {
    const through = way.via.length === 0 ? '' : `, through ${way.via.map((each) => safe(each)).join(' > ')}`;
    return [
      `${way.verdict.padEnd(7)}  ${safe(way.audience)} to ${safe(way.surface)}, auth ${safe(way.auth)}${way.hands === 'exec' ? ', runs code for whoever gets in' : ''}${way.filteredBy === null ? '' : `, filtered by ${safe(way.filteredBy)}`}${listeningText(way)}${way.dormant ? ', dormant' : ''}${through}`,
      ...way.gates.map((gate) => `         gate: ${safe(gate)}`),
      ...way.missing.map((each) => `         missing: ${safe(each)}`),
    ];
  });
  const rest = exposure.length - WAYS_SHOWN;
  return rest > 0 ? [...shown, `and ${rest} more; --json has all of them.`] : shown;
}
