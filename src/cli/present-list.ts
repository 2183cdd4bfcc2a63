import { counted } from '#base/text.ts';
import { type DetectedRisk, detectedRiskSchema, type RiskState } from '#contract/detected-risk.ts';
import type { HoldingBack } from '#contract/inbox-page.ts';
import type { IssueRow } from '#contract/issue.ts';
import type { Paint } from './paint.ts';
import { type Column, presentTable } from './table.ts';
import { safe } from './terminal-text.ts';
import { RISK_LETTERS, readable, SHORT_TYPES } from './words.ts';

/** How a list is drawn. */
export interface ListFace {
  readonly paint: Paint;
  /** Columns of the terminal; null: nothing is cut. */
  readonly width: number | null;
}

/** What a person sees of the list. */
export interface ListView {
  /** In rank order, from the first. */
  readonly issues: readonly IssueRow[];
  /** Issues in this list on all pages. */
  readonly total: number;
  /** Whether some issues of it may not be admitted. */
  readonly isAll: boolean;
  /** Whether a query chose among them. */
  readonly isFiltered: boolean;
  /** Null when enough is admitted to begin with. */
  readonly firstReport: FirstReport | null;
}

/** What is said while the inbox admits little (design: the first report). */
export interface FirstReport {
  /** Open findings that nothing admits. */
  readonly waiting: number;
  readonly holdingBack: readonly HoldingBack[];
  /** The best ranked of what is not admitted. */
  readonly notAdmitted: readonly IssueRow[];
}

/** The ranked list as lines for a terminal. */
export function presentList(view: ListView, face: ListFace): readonly string[] {
  const { issues, total, isAll, isFiltered, firstReport } = view;
  const lines: string[] = [];
  if (issues.length > 0) {
    lines.push(...issueTable(issues, face, isAll), '', LEGEND);
    if (total > issues.length)
      lines.push(`${issues.length} of ${counted(total, 'issue')}; --limit ${total} shows all.`);
  } else if (firstReport === null)
    lines.push(
      isFiltered
        ? 'No issue matches the query.'
        : 'Nothing is open. Read a report with: security-inbox import PATH',
    );
  else lines.push('Nothing is admitted to the inbox yet.');
  if (firstReport !== null) lines.push('', ...presentFirstReport(firstReport, face, issues.length === 0));
  return lines;
}

function presentFirstReport(
  { waiting, holdingBack, notAdmitted }: FirstReport,
  face: ListFace,
  needsLegend: boolean,
): readonly string[] {
  const lines = [
    `${counted(waiting, 'open finding')} ${waiting === 1 ? 'waits' : 'wait'} outside the inbox, as no rule admits ${waiting === 1 ? 'it' : 'them'}.`,
  ];
  if (holdingBack.length > 0) {
    lines.push('What holds back most:');
    for (const { sentence, count, remedy } of holdingBack) {
      lines.push(
        `  ${safe(sentence)}: ${counted(count, 'finding')}`,
        `    ${face.paint.strong(safe(remedy))}`,
      );
    }
  }
  if (notAdmitted.length > 0) {
    lines.push('', 'Ranked by the same rule, not admitted:', '', ...issueTable(notAdmitted, face, false));
    if (needsLegend) lines.push('', LEGEND);
    lines.push('All of it: security-inbox list --all');
  }
  return lines;
}

const LEGEND = `Risks: ${detectedRiskSchema.options.map((risk) => `${RISK_LETTERS[risk]} ${readable(risk)}`).join(', ')}; ? unknown, - no. R+S: resources + services.`;

interface RankedRow {
  readonly rank: number;
  readonly issue: IssueRow;
}

function issueTable(
  issues: readonly IssueRow[],
  { paint, width }: ListFace,
  tellsAdmission: boolean,
): readonly string[] {
  const admission: Column<RankedRow> = {
    title: 'ADMITTED',
    text: ({ issue }) => (issue.admittedBy.length === 0 ? 'not' : 'yes'),
  };
  const columns: readonly Column<RankedRow>[] = [
    { title: '#', text: ({ rank }) => String(rank), align: 'right' },
    {
      title: 'SEVERITY',
      text: ({ issue }) => issue.severity,
      paint: (text, { issue }) => paint.severity(text, issue.severity),
    },
    { title: 'SCORE', text: ({ issue }) => issue.score?.toFixed(1) ?? '-', align: 'right' },
    { title: 'RISKS', text: ({ issue }) => riskMarks(issue) },
    { title: 'R+S', text: ({ issue }) => `${issue.resources}+${issue.services}`, align: 'right' },
    ...(tellsAdmission ? [admission] : []),
    { title: 'TYPE', text: ({ issue }) => SHORT_TYPES[issue.type] },
    { title: 'ID', text: ({ issue }) => safe(issue.id) },
    { title: 'TITLE', text: ({ issue }) => safe(issue.title) },
  ];
  const ranked = issues.map((issue, index) => ({ rank: index + 1, issue }));
  return presentTable(columns, ranked, width);
}

/** `PV?E-`: the letter of each risk that is there, `?` for one that nobody can tell, `-` for one that is not. */
export function riskMarks({ riskStates }: Pick<IssueRow, 'riskStates'>): string {
  const mark = (risk: DetectedRisk, state: RiskState) =>
    ({ yes: RISK_LETTERS[risk], unknown: '?', no: '-' })[state];
  return detectedRiskSchema.options.map((risk) => mark(risk, riskStates[risk])).join('');
}
