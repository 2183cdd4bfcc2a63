import { InboxError } from '#base/inbox-error.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import type { AppContext } from '../context.ts';

/** The format that a person named. Throws `usage` with those that there are. */
export function namedFormat(ctx: Pick<AppContext, 'formats'>, id: string): ReportFormat {
  const format = ctx.formats.find((each) => each.id === id);
  if (format !== undefined) return format;
  throw new InboxError(
    'usage',
    `There is no format "${id}". Known: ${ctx.formats.map((each) => each.id).join(', ')}.`,
  );
}
