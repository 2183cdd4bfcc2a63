import { type QueryFieldList, queryFieldListSchema } from '../../../../src/contract/query-field.ts';
import { type ViewBody, type ViewList, viewListSchema } from '../../../../src/contract/view.ts';
import { post, readAs } from './call-api.ts';

/** The fields of the query language, with the values that there are. */
export function getQueryFields(signal: AbortSignal): Promise<QueryFieldList> {
  return readAs(queryFieldListSchema, '/query/fields', { signal });
}

/** Lists by name that all of the organisation sees. */
export function getViews(signal: AbortSignal): Promise<ViewList> {
  return readAs(viewListSchema, '/views', { signal });
}

export function shareView(view: ViewBody): Promise<ViewList> {
  return readAs(viewListSchema, '/views', post(view));
}

export function removeView(name: string): Promise<ViewList> {
  return readAs(viewListSchema, '/views/remove', post({ name }));
}
