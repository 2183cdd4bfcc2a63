import { z } from 'zod';

/** A whole number of things, zero or more. */
export const countSchema = z.int().nonnegative();
