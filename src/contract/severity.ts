import { z } from 'zod';

/** How bad an issue or finding is, worst first. Every door and page lists them in this order. */
export const severitySchema = z.enum(['critical', 'high', 'medium', 'low', 'info']);

export type Severity = z.infer<typeof severitySchema>;
