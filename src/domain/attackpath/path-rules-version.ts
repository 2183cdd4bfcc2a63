/**
 * Changes whenever a rule of steps, a shape, a likelihood or a target does: year, month, number. A program that starts with
 * another one looks for the paths of its organisations anew.
 */
export const PATH_RULES_VERSION = '2026.11.1';
