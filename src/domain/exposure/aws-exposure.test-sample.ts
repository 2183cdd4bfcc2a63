import { expect } from 'vitest';
import { expose, recordsOf } from '../../../test/support/aws-world.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** The AWS rows of attack-paths §2.9, each with its number; Kubernetes has 39 to 41, other clouds 42 to 47. */
export type EdgeCase = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  estate: readonly EstateResource[],
  of: EstateResource,
  /** One of its records. */
  record: Partial<ExposureRecord>,
  surroundings?: Surroundings,
];

export function checkEdgeCase([, state, estate, of, record, surroundings]: EdgeCase): void {
  expect(expose(estate, of, surroundings).state).toBe(state);
  expect(recordsOf(estate, of, surroundings)).toContainEqual(expect.objectContaining(record));
}
