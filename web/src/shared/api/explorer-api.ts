import type { z } from 'zod';
import {
  type AdvisoryList,
  advisoryListSchema,
  type Estate,
  estateSchema,
  type FindingList,
  findingListSchema,
  type NeighbourList,
  neighbourListSchema,
  type SignalList,
  signalListSchema,
} from '../../../../src/contract/explorer.ts';
import { type Resource, resourceListSchema } from '../../../../src/contract/resource.ts';
import { ApiProblem, unknownShape } from '../api-problem.ts';
import { PAGE_SIZE } from '../inbox-parameters.ts';
import { readAs } from './call-api.ts';

/** One page of a list of an explorer; `cursor` null is the first. */
function page<T>(
  schema: z.ZodType<T>,
  path: string,
  parameters: URLSearchParams,
  cursor: string | null,
  signal: AbortSignal,
): Promise<T> {
  const asked = new URLSearchParams(parameters);
  asked.set('limit', String(PAGE_SIZE));
  if (cursor !== null) asked.set('cursor', cursor);
  return readAs(schema, `/${path}?${asked}`, { signal });
}

type ReadPage<T> = (parameters: URLSearchParams, cursor: string | null, signal: AbortSignal) => Promise<T>;

export const getFindings: ReadPage<FindingList> = (...asked) => page(findingListSchema, 'findings', ...asked);

export const getEstate: ReadPage<Estate> = (...asked) => page(estateSchema, 'estate', ...asked);

export const getSignals: ReadPage<SignalList> = (...asked) => page(signalListSchema, 'signals', ...asked);

export const getAdvisories: ReadPage<AdvisoryList> = (...asked) =>
  page(advisoryListSchema, 'advisories', ...asked);

/** A resource; of an id that is not known the kind is null. */
export async function getResource(id: string, signal: AbortSignal): Promise<Resource> {
  const path = `/resources?${new URLSearchParams({ id })}`;
  const { items } = await readAs(resourceListSchema, path, { signal });
  const [resource] = items;
  if (resource === undefined) throw new ApiProblem(unknownShape(path));
  return resource;
}

export function getNeighbours(id: string, signal: AbortSignal): Promise<NeighbourList> {
  return readAs(neighbourListSchema, `/neighbours?${new URLSearchParams({ id })}`, { signal });
}
