import type { Control } from '#contract/control.ts';
import type { Paint } from './paint.ts';
import { presentTable } from './table.ts';
import { safe } from './terminal-text.ts';
import { readable } from './words.ts';

/** The controls as a table; an edited one has a star. */
export function presentControls(
  controls: readonly Control[],
  paint: Paint,
  width: number | null,
): readonly string[] {
  if (controls.length === 0) return ['No control was edited; each counts as the catalogue has it.'];
  return presentTable<Control>(
    [
      { title: '', text: ({ edit }) => (edit === null ? '' : '*') },
      { title: 'ID', text: ({ id }) => safe(id) },
      {
        title: 'SEVERITY',
        text: ({ severity }) => severity,
        paint: (text, { severity }) => paint.severity(text, severity),
      },
      { title: 'LIKELIHOOD', text: ({ likelihood }) => readable(likelihood.level) },
      { title: 'IMPACT', text: ({ impact }) => impact },
      { title: 'INBOX', text: ({ inbox }) => (inbox ? 'yes' : 'no') },
      { title: 'TITLE', text: ({ title }) => safe(title) },
    ],
    controls,
    width,
  );
}

/** One control with all that it says, as lines for a terminal. */
export function presentControl(control: Control, paint: Paint): readonly string[] {
  const { id, type, title, provider, resources, inbox, inboxBecause, why, checks, edit, catalogue } = control;
  return [
    `${paint.severity(control.severity, control.severity)}  ${paint.strong(safe(title))}`,
    `${safe(id)}, ${readable(type)}, ${provider}: ${resources.map((each) => safe(each)).join(', ')}; catalogue ${safe(catalogue)}`,
    safe(why),
    '',
    ...controlLines(control),
    `inbox        ${inbox ? 'yes' : 'no'}${inboxBecause === null ? '' : ` (the catalogue: ${readable(inboxBecause)})`}`,
    `checks       ${checks.map((check) => safe(check)).join(', ')}`,
    ...(edit === null ? [] : editLines(edit)),
  ];
}

/** Likelihood, impact, frameworks and remediation: what `why` and `controls show` both tell. */
export function controlLines({
  likelihood,
  impact,
  severity,
  edit,
  remediation,
  requirements,
}: Control): readonly string[] {
  const { vector, accessibility, level } = likelihood;
  const byFramework = Map.groupBy(requirements, ({ framework }) => framework);
  const frameworks = [...byFramework].map(
    ([framework, each]) => `${safe(framework)} ${each.map((requirement) => safe(requirement.id)).join(', ')}`,
  );
  return [
    `likelihood   ${readable(level)} (${readable(vector)}, ${accessibility})`,
    `impact       ${impact}`,
    `severity     ${severity}${edit?.severity == null ? '' : ', as the organisation says'}`,
    `frameworks   ${frameworks.join('; ')}`,
    `fix          ${safe(remediation.text)}`,
    ...(remediation.command === null ? [] : [`             ${safe(remediation.command)}`]),
  ];
}

function editLines(edit: NonNullable<Control['edit']>): readonly string[] {
  const { vector, accessibility, impact, inbox, severity, reason, by, at } = edit;
  const changes = Object.entries({ vector, accessibility, impact, inbox, severity })
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) =>
        `${name} ${readable(value === true ? 'yes' : value === false ? 'no' : String(value))}`,
    );
  return [
    `edited       ${changes.length === 0 ? 'nothing any more' : changes.join(', ')}`,
    `             by ${safe(by)} on ${at.slice(0, 10)}: ${safe(reason)}`,
  ];
}
