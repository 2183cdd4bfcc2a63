import type { ReportFormat } from '../src/domain/ports/report-format.ts';
import { FORMATS } from '../src/formats/formats.ts';

const HEAD = `# Formats

The ${FORMATS.length} kinds of reports, inventories and events that can be read: written by \`tools/write-formats-page.ts\` from
\`src/formats/formats.ts\`, and what \`security-inbox formats\` prints. A file is recognised by what stands in it (CODEOWNERS and answers of the AWS command line by their name too); exactly one
format may claim it. \`--format NAME\` names one by hand, which an empty list needs, because it says of no tool that it found nothing.

Plain, gzip and zstd files are read, zip and tar archives (the tar also in gzip or zstd) member by member, UTF-8 and UTF-16; folders and standard input too. Of each format its page says
field by field what is read, or why not, how severities map, and what a report may close. What is kept of resources of clouds stands in [facts](facts.md).

| format | what it is | how it is made |
|---|---|---|
`;

/** The reference page of all formats, as `docs/reference/formats.md` has it. */
export function formatsPage(): string {
  return `${HEAD}${FORMATS.map(row).join('\n')}\n`;
}

function row({ id, title, command }: ReportFormat): string {
  return `| [\`${id}\`](../../src/formats/${id}/README.md) | ${cell(title)} | ${cell(command)} |`;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
