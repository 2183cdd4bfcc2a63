import { remembered } from '#base/remembered.ts';
import { shortName } from '#domain/package/short-name.ts';

/**
 * The provider of a rating that a tool made itself: `scanner:trivy`. Whatever a report calls its tool, what
 * follows the colon is one short name; a tool whose name has no such character is `scanner:unnamed`.
 */
export const scannerProvider: (tool: string) => string = remembered(
  1_000,
  (tool) => `scanner:${shortName(tool) || 'unnamed'}`,
);
