import type { Instant } from '#base/instant.ts';
import type { ControlEdit } from '#domain/control/effective-controls.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

interface EditRow {
  readonly control: string;
  readonly vector: ControlEdit['vector'];
  readonly accessibility: ControlEdit['accessibility'];
  readonly impact: ControlEdit['impact'];
  readonly is_inbox: boolean | null;
  readonly severity: ControlEdit['severity'];
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
}

/** The controls that this organisation edited, by id. */
export async function loadControlEdits(
  db: Queryable,
  { id }: Organisation,
): Promise<ReadonlyMap<string, ControlEdit>> {
  const result = await db.query<EditRow>({
    name: 'control-edits',
    text: 'select control, vector, accessibility, impact, is_inbox, severity, reason, actor, at from control_edit where organisation = $1',
    values: [id],
  });
  return new Map(
    result.rows.map(({ control, vector, accessibility, impact, is_inbox, severity, reason, actor, at }) => [
      control,
      { vector, accessibility, impact, inbox: is_inbox, severity, reason, by: actor, at },
    ]),
  );
}
