import { z } from 'zod';
import { inboxQuerySchema } from './inbox-page.ts';

/** What a list can be written as. */
export const exportFormatSchema = z.enum(['csv', 'json', 'sarif', 'ocsf', 'openvex']);

export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** What each is called when it is sent, and how its file ends. */
export const EXPORT_FILES: Readonly<
  Record<ExportFormat, { readonly type: string; readonly ending: string }>
> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', ending: 'csv' },
  json: { type: 'application/json; charset=utf-8', ending: 'json' },
  sarif: { type: 'application/sarif+json; charset=utf-8', ending: 'sarif' },
  ocsf: { type: 'application/json; charset=utf-8', ending: 'ocsf.json' },
  openvex: { type: 'application/json; charset=utf-8', ending: 'openvex.json' },
};

/** The query of `GET /api/v1/export`: the format, and which issues, as `GET /api/v1/issues` takes them. All of them are sent. */
export const exportQuerySchema = inboxQuerySchema
  .omit({ cursor: true, limit: true })
  .extend({ format: exportFormatSchema });
