import { instantText } from '#base/instant.ts';
import { counted, oneLine } from '#base/text.ts';
import type { IssueView } from '../ports/inbox-store.ts';
import type { NewTicket, TicketParagraph } from '../ports/tracker.ts';
import { DETECTED_RISKS } from '../risk/detected-risk.ts';

const RESOURCES_SHOWN = 20;
const FIXES_SHOWN = 5;
const TITLE_MAX = 200;

/** What a ticket about an issue says. `address`: where the issue is shown; null: nobody knows. */
export function ticketText(mark: string, { row, findings }: IssueView, address: string | null): NewTicket {
  const open = findings.filter(({ isOpen }) => isOpen);
  const names = [...new Set(open.map(({ resourceName }) => resourceName))];
  const fixes = [...new Set(open.flatMap(({ sightings }) => sightings.flatMap(({ fix }) => fix ?? [])))];
  const risks = DETECTED_RISKS.filter((risk) => row.riskStates[risk] === 'yes').map(readable);
  const description = open.flatMap(({ sightings }) => sightings.flatMap((each) => each.description ?? []))[0];
  const paragraphs: TicketParagraph[] = [
    { said: oneLine(row.title) },
    {
      text: [
        `Severity: ${row.severity} (${row.score.toFixed(1)})`,
        `Detected risks: ${risks.length === 0 ? 'none' : risks.join(', ')}`,
        `Reach: ${counted(row.resources, 'resource')}, ${counted(row.services, 'service')}`,
        ...(row.dueAt === null ? [] : [`Due: ${instantText(row.dueAt).slice(0, 10)}`]),
      ].join('\n'),
    },
    ...(description === undefined ? [] : [{ said: description }]),
    ...(names.length === 0
      ? []
      : [
          { text: 'Where it was found:' },
          {
            said: [
              ...names.slice(0, RESOURCES_SHOWN).map((name) => oneLine(name)),
              ...(names.length > RESOURCES_SHOWN ? [`and ${names.length - RESOURCES_SHOWN} more`] : []),
            ].join('\n'),
          },
        ]),
    ...(fixes.length === 0
      ? []
      : [
          { text: 'How to fix it, by the scanners:' },
          {
            said: fixes
              .slice(0, FIXES_SHOWN)
              .map((fix) => oneLine(fix, 500))
              .join('\n'),
          },
        ]),
    ...(address === null ? [] : [{ link: address, label: 'Why it is at its place, with evidence' }]),
    {
      text: 'Closing this ticket does not resolve the issue: it is resolved when its scanners no longer show it.',
    },
  ];
  return { mark, title: `[${row.severity}] ${oneLine(row.title, TITLE_MAX)}`, paragraphs };
}

/** A ticket as plain text, without what a tracker makes of it. */
export function plainText({ paragraphs }: Pick<NewTicket, 'paragraphs'>): string {
  return paragraphs
    .map((each) => ('text' in each ? each.text : 'said' in each ? each.said : `${each.label}: ${each.link}`))
    .join('\n\n');
}

function readable(word: string): string {
  return word.replaceAll('_', ' ');
}
