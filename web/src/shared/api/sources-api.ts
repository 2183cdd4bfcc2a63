import { type SourceList, sourceListSchema } from '../../../../src/contract/source.ts';
import { readAs } from './call-api.ts';

export function getSources(signal: AbortSignal): Promise<SourceList> {
  return readAs(sourceListSchema, '/sources', { signal });
}
