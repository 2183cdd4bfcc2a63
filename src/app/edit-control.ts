import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { controlById } from '#domain/control/control-catalogue.ts';
import {
  type ControlEdit,
  type EffectiveControl,
  editedControl,
} from '#domain/control/effective-controls.ts';
import { issuesOfControl } from '#domain/finding/identify-finding.ts';
import type { ControlChange } from '#domain/ports/control-store.ts';
import { type AppContext, permit } from './context.ts';
import { unknownControl } from './list-controls.ts';

const FIELDS = ['vector', 'accessibility', 'impact', 'inbox', 'severity'] as const;

/** What to change: null takes the catalogue's word again, what is absent stays as it is. */
export type ControlRequest = {
  readonly [Field in (typeof FIELDS)[number]]?: ControlChange[Field] | undefined;
} & { readonly reason: string };

/**
 * Changes how a control counts for the organisation: its likelihood, its impact, whether the default rules take
 * it in, or its severity outright. Its issues are assessed anew at once. Throws `not_found`, and `usage` where
 * nothing would be changed or no reason is given.
 */
export async function editControl(
  ctx: AppContext,
  { id, request }: { readonly id: string; readonly request: ControlRequest },
): Promise<EffectiveControl> {
  permit(ctx, 'administer');
  const control = controlById(id);
  if (control === null) throw unknownControl(id);
  const reason = oneLine(request.reason, 500);
  if (reason === '') throw new InboxError('usage', 'A change of a control needs a reason that is not empty.');
  if (FIELDS.every((field) => request[field] === undefined))
    throw new InboxError('usage', 'Say what to change: likelihood, impact, inbox or severity.');
  const edit = await ctx.controls.edit(
    id,
    (before) => changed(before, { ...request, reason }),
    issuesOfControl(control),
    ctx.actor.name,
  );
  return editedControl(control, edit);
}

/** The control counts as the catalogue has it again; no error where nobody had edited it. Throws `not_found`. */
export async function resetControl(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<EffectiveControl> {
  permit(ctx, 'administer');
  const control = controlById(id);
  if (control === null) throw unknownControl(id);
  await ctx.controls.reset(id, issuesOfControl(control), ctx.actor.name);
  return { ...control, edit: null };
}

const NOTHING: Omit<ControlChange, 'reason'> = {
  vector: null,
  accessibility: null,
  impact: null,
  inbox: null,
  severity: null,
};

function changed(before: ControlEdit | null, request: ControlRequest): ControlChange {
  const { vector, accessibility, impact, inbox, severity } = before ?? NOTHING;
  return {
    vector: request.vector === undefined ? vector : request.vector,
    accessibility: request.accessibility === undefined ? accessibility : request.accessibility,
    impact: request.impact === undefined ? impact : request.impact,
    inbox: request.inbox === undefined ? inbox : request.inbox,
    severity: request.severity === undefined ? severity : request.severity,
    reason: request.reason,
  };
}
