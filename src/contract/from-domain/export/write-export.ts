import { InboxError } from '#base/inbox-error.ts';
import type { Instant } from '#base/instant.ts';
import type { ExportedFinding } from '#domain/ports/export-store.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import type { ExportFormat } from '../../export.ts';
import { presentIssue } from '../present-issue.ts';
import { CSV_HEAD, csvLine } from './write-csv.ts';
import { ocsfFinding } from './write-ocsf.ts';
import { openvexHead, openvexStatement } from './write-openvex.ts';
import { SARIF_HEAD, SarifTail, sarifResult } from './write-sarif.ts';

/** A part of an export: issues in their order, then some of their findings. */
interface Part {
  readonly issues: readonly IssueRow[];
  readonly findings: readonly ExportedFinding[];
}

/** Which findings a format needs beside the issues. */
export const FINDINGS_OF: Readonly<Record<ExportFormat, 'none' | 'open' | 'muted'>> = {
  csv: 'none',
  json: 'none',
  sarif: 'open',
  ocsf: 'open',
  openvex: 'muted',
};

export interface ExportMoment {
  readonly now: Instant;
  readonly version: string;
}

/** The text of an export, a piece at a time. Throws `not_found` before the first of OpenVEX where no mute says anything: a document has a statement. */
export async function* writeExport(
  format: ExportFormat,
  parts: AsyncIterable<Part>,
  moment: ExportMoment,
): AsyncGenerator<string> {
  switch (format) {
    case 'csv':
      yield CSV_HEAD;
      for await (const { issues } of parts)
        if (issues.length > 0) yield issues.map((issue) => csvLine(presentIssue(issue))).join('');
      return;
    case 'json':
      yield* listed(
        '[',
        parts,
        ({ issues }) => issues.map(presentIssue),
        () => ']\n',
      );
      return;
    case 'sarif': {
      const known = new KnownIssues();
      const tail = new SarifTail(moment.version);
      yield* listed(
        SARIF_HEAD,
        known.watching(parts),
        ({ findings }) =>
          findings.map((finding) => {
            const issue = known.of(finding);
            return sarifResult(finding, issue, tail.rule(issue));
          }),
        () => tail.text(),
      );
      return;
    }
    case 'ocsf': {
      const known = new KnownIssues();
      yield* listed(
        '[',
        known.watching(parts),
        ({ findings }) => findings.map((finding) => ocsfFinding(finding, known.of(finding), moment)),
        () => ']\n',
      );
      return;
    }
    case 'openvex':
      yield* listed(
        openvexHead(moment),
        parts,
        ({ findings }) => findings.flatMap((finding) => openvexStatement(finding, moment.now) ?? []),
        () => ']}\n',
        'Nothing in this listing is muted that has an advisory, so OpenVEX has nothing to say of it: a document without a statement is none.',
      );
  }
}

/** Values with commas between them, from their parts. `refusal`: why there is no such list without any. */
async function* listed(
  head: string,
  parts: AsyncIterable<Part>,
  valuesOf: (part: Part) => readonly unknown[],
  tail: () => string,
  refusal: string | null = null,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const part of parts) {
    const values = valuesOf(part);
    if (values.length === 0) continue;
    yield `${isFirst ? head : ','}\n${values.map((value) => JSON.stringify(value)).join(',\n')}`;
    isFirst = false;
  }
  if (isFirst && refusal !== null) throw new InboxError('not_found', refusal);
  yield isFirst ? head + tail() : tail();
}

/** The issues of the part that is being written, by which findings are told. */
class KnownIssues {
  #issues: ReadonlyMap<string, IssueRow> = new Map();

  async *watching(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
    for await (const part of parts) {
      if (part.issues.length > 0) this.#issues = new Map(part.issues.map((issue) => [issue.id, issue]));
      yield part;
    }
  }

  of({ issueId }: ExportedFinding): IssueRow {
    const issue = this.#issues.get(issueId);
    if (issue === undefined) throw new Error(`a finding of ${issueId} came before its issue`);
    return issue;
  }
}
