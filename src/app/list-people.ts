import type { Person } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';

/** Everybody who may come in, by name. */
export async function listPeople(ctx: AppContext): Promise<readonly Person[]> {
  permit(ctx, 'administer');
  return ctx.people.list();
}
