import { compareBytes } from '#base/compare.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { spelledAdvisory } from '#domain/finding/advisory-name.ts';
import type { AdvisoryRating } from '#domain/severity/advisory-rating.ts';
import { parseCvssVector } from '#domain/severity/cvss-vector.ts';
import { type AppContext, permit } from './context.ts';

/** A rating with the name in use of its advisory. */
export interface RatedAdvisory extends AdvisoryRating {
  readonly advisory: string;
}

/** The advisories that the organisation rates itself, by name. */
export async function listRatings(ctx: AppContext): Promise<readonly RatedAdvisory[]> {
  permit(ctx, 'read');
  return ratingsOf(ctx);
}

/**
 * Rates an advisory in place of its sources: by a vector, which is adjusted to its surroundings as theirs are, by the
 * severity that counts in the end, or by both. Its issues are assessed anew at once. Throws `usage` for a vector that
 * cannot be read, where neither is given, and without a reason.
 */
export async function rateAdvisory(
  ctx: AppContext,
  request: {
    readonly advisory: string;
    readonly vector?: string | null | undefined;
    readonly severity?: AdvisoryRating['severity'] | undefined;
    readonly reason: string;
  },
): Promise<RatedAdvisory> {
  permit(ctx, 'administer');
  const reason = oneLine(request.reason, 500);
  if (reason === '') throw new InboxError('usage', 'A rating needs a reason that is not empty.');
  const { severity = null } = request;
  const vector = request.vector == null ? null : readVector(request.vector);
  if (severity === null && vector === null)
    throw new InboxError('usage', 'Say how to rate it: by a severity, a vector or both.');
  const name = await ctx.admission.rate(
    advisoryOf(request.advisory),
    { vector, severity, reason },
    ctx.actor.name,
  );
  return (await ratingsOf(ctx)).find(({ advisory }) => advisory === name) as RatedAdvisory;
}

/** What its sources say counts again. Throws `not_found` where nobody rated it. */
export async function unrateAdvisory(ctx: AppContext, request: { readonly advisory: string }): Promise<void> {
  permit(ctx, 'administer');
  const advisory = advisoryOf(request.advisory);
  if (!(await ctx.admission.unrate(advisory, ctx.actor.name)))
    throw new InboxError(
      'not_found',
      `${advisory} has no rating here. "advisories list" prints those that have.`,
    );
}

async function ratingsOf(ctx: AppContext): Promise<readonly RatedAdvisory[]> {
  return [...(await ctx.admission.ratings())]
    .map(([advisory, rating]) => ({ advisory, ...rating }))
    .sort((a, b) => compareBytes(a.advisory, b.advisory));
}

function advisoryOf(text: string): string {
  const advisory = spelledAdvisory(oneLine(text, 120));
  if (advisory === '')
    throw new InboxError('usage', 'Expected the name of an advisory, like CVE-2021-44228.');
  return advisory;
}

function readVector(text: string): string {
  const vector = parseCvssVector(text.trim());
  if (vector === null)
    throw new InboxError('usage', `Expected a vector of CVSS 2.0 to 4.0, found ${oneLine(text, 120)}.`);
  return vector.text;
}
